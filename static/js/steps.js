// Typing is guarded: leaving a page with unsaved text asks first. After "add another" the new row has the focus.
(() => {
  let isTyped = false;
  document.addEventListener("input", (event) => { if (event.target.closest("#part-form")) isTyped = true; });
  document.addEventListener("submit", () => { isTyped = false; });
  window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.elt?.name !== "add") return;
    const rows = document.querySelectorAll("#part-form .card-row");
    rows[rows.length - 1]?.querySelector("input:not([type=hidden]), select")?.focus();
  });
})();
