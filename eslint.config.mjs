// What a linter finds that the type checker does not; `make check` runs both.
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["api/static/js/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
  },
  {
    rules: {
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: "Nothing is parsed as HTML: build elements." })),
        { object: "document", property: "write", message: "Nothing is parsed as HTML: build elements." },
      ],
    },
  },
  {
    // The widget's parts are put together to one classic script, so each sees what the parts before it declare.
    files: ["api/static/widget/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "script", globals: globals.browser },
    rules: { "no-undef": "off", "no-unused-vars": "off" },
  },
  {
    files: ["tests/pages/js/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.node },
    rules: { "no-script-url": "off" },
  },
];
