"""The reading room as plain files: every page written out, and search in the reader's own browser.

`site` writes the files, asking the pages' own code for each (`rendering`) and turning its addresses
into relative links (`addresses`, `links`). `browser/` holds the JavaScript and styles of the two
pages that need the database, search and SQL; `npm_packages` fetches the SQLite they run on.

`datasette_files` adds Datasette itself to run in the browser: `python_files` takes it from what is
installed, `in_browser` opens it there, and `datasette/` holds the page and the workers around it.

`jupyterlite` adds notebooks that run in the browser, with packages that `wheels` fetches;
`kernel/` holds the module they import.
"""
