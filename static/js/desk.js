// A review keeps itself while somebody types. What could not be kept is said, and leaving the page then asks first.
(() => {
  let isTyped = false;
  const isReview = (element) => element.form?.id === "review-form";
  document.addEventListener("input", (event) => { if (isReview(event.target)) isTyped = true; });
  document.addEventListener("submit", () => { isTyped = false; });
  window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt?.id !== "review-form") return;
    const line = document.getElementById("draft-state");
    const isLost = !event.detail.successful || event.detail.xhr.responseURL.includes("/login/");
    if (isLost) { line.textContent = line.dataset.lost; line.classList.add("wrong"); }
    else if (!line.classList.contains("wrong")) isTyped = false;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.elt?.id === "review-form" && event.detail.xhr.responseURL.includes("/login/")) event.detail.shouldSwap = false;
  });
})();
