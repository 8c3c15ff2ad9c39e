"""The wire format, exactly as the public contract has it; shared by HTTP and the command line's `--json`.

One file a resource: `requests` (what comes in); `passages`, `answers`, `transcripts`, `jobs`, `copies`,
`problem` (what goes out); `wire` is what they have in common.
"""
