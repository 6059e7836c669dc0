// The paper beside the answers: folded at first where it stands above them; what could not be fetched is said or asked for again.
(() => {
  const paper = document.querySelector(".desk-paper");
  if (!paper) return;
  const isBeside = getComputedStyle(paper.parentElement).position === "sticky";
  const isAskedFor = location.search.includes("paper=") || location.hash.startsWith("#paper");
  if (!isBeside && !isAskedFor) paper.open = false;
  const isPane = (event) => event.detail.target?.id === "paper-pane";
  const sayLost = () => {
    const line = paper.querySelector(".desk-pane-lost");
    line.textContent = line.dataset.lost;
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isPane(event) || !event.detail.xhr.responseURL.includes("/login/")) return;
    event.detail.shouldSwap = false;
    sayLost();
  });
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(name, (event) => { if (isPane(event)) sayLost(); });
  }
  // A page of a scan that is still drawn is asked for again, some times.
  paper.addEventListener("error", (event) => {
    const picture = event.target, tries = Number(picture.dataset.tries ?? 0);
    if (picture.tagName !== "IMG" || tries === 3) return;
    picture.dataset.tries = tries + 1;
    setTimeout(() => { picture.src = picture.src; }, 5000);
  }, true);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!isPane(event)) return;
    paper.open = true;
    const isTab = event.detail.requestConfig.elt.id.startsWith("read-");  // htmx gives its successor the focus
    if (!isTab) paper.querySelector(".desk-sheet")?.focus();
  });
})();
