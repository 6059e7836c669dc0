// A review keeps itself while somebody types. What could not be kept is said, and leaving the page then asks first.
// The page is one form, so marks go along with whatever is sent; it waits until a keeping that is under way has ended.
(() => {
  let typed = 0, sent = 0, kept = 0, waiting = null, isPassing = false;
  const isReview = (element) => Boolean(element?.closest?.("#review-form, .desk-verdict"));
  const isTyped = () => typed > kept;
  document.addEventListener("input", (event) => { if (isReview(event.target)) typed += 1; });
  document.addEventListener("submit", (event) => {
    if (isPassing || !window.htmx) { if (event.target.id === "desk-form") kept = typed; return; }
    if (!isTyped()) return;
    event.preventDefault();
    waiting ??= () => event.target.requestSubmit(event.submitter);
    htmx.trigger("#review-form", "keep");
  });
  // Without this, Enter would press the page's first button. While a word is composed, Enter only ends the word.
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key !== "Enter" || !event.target.matches("#desk-form input:not([type=checkbox], [type=radio])")) return;
    event.preventDefault();
    event.target.closest(".desk-fields")?.querySelector("button[formaction]")?.click();
  });
  window.addEventListener("beforeunload", (event) => { if (isTyped()) event.preventDefault(); });
  document.addEventListener("htmx:configRequest", (event) => { if (isReview(event.detail.elt)) sent = typed; });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isReview(event.detail.elt)) return;
    const line = document.getElementById("draft-state");
    const isLost = !event.detail.successful || event.detail.xhr.responseURL.includes("/login/");
    if (isLost) { line.textContent = line.dataset.lost; line.classList.add("wrong"); }
    const isRefused = isLost || line.querySelector("b") !== null;  // its class follows once htmx has settled
    if (!isRefused) kept = sent;
    if (!waiting || (isTyped() && !isRefused)) return;
    const goOn = waiting;
    waiting = null;
    isPassing = true;
    goOn();
    isPassing = false;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isReview(event.detail.elt) && event.detail.xhr.responseURL.includes("/login/")) event.detail.shouldSwap = false;
  });
})();
