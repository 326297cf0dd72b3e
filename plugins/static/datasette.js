// What Datasette's own pages leave unsaid to screen readers: their language, their main part, what a box is for.

const NAMES = {
  ".CodeMirror textarea, .cm-content, textarea[name=sql]": "SQL",
  "select[name^=_filter_column]": "Column",
  "select[name^=_filter_op]": "Comparison",
  "input[name^=_filter_value]": "Value",
  "select[name=_sort]": "Sort by",
};

document.documentElement.lang ||= "en";
document.querySelector("section.content")?.setAttribute("role", "main");
// The box for SQL is made when the page is loaded.
addEventListener("load", () => {
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const box of document.querySelectorAll(selector)) {
      if (!box.labels?.length) box.ariaLabel ??= name;
    }
  }
});
