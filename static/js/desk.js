// A review keeps itself while somebody types. What could not be kept is said, and leaving the page then asks first.
// Whatever else is sent from the page waits until the newest marks are kept: they belong to the review's form alone.
(() => {
  let typed = 0, sent = 0, kept = 0, waiting = null, isPassing = false;
  const isReview = (element) => element?.id === "review-form";
  const isTyped = () => typed > kept;
  document.addEventListener("input", (event) => { if (isReview(event.target.form)) typed += 1; });
  document.addEventListener("submit", (event) => {
    if (isReview(event.target) || !window.htmx) kept = typed;
    if (!isTyped() || isPassing) return;
    event.preventDefault();
    waiting ??= () => event.target.requestSubmit(event.submitter);
    htmx.trigger("#review-form", "keep");
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
