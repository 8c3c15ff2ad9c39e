"""Who asks, and what they may: keys, tokens, people, and the collections that each may read.

In the order in which a request meets them: `middleware` › `authentication` (which of the ways) › `keys`,
`widget_tokens`, `issuer` and `people`, `sessions` and `sign_in`, `proxy` › `rules` (the scope that a path needs) ›
`views` (the product without what the caller may not read). `readers` is the owner's list of who reads what.
"""
