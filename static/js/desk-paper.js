// The paper beside the answers: folded at first where it stands above them; what could not be fetched is said or asked for again.
(() => {
  const paper = document.querySelector(".desk-paper");
  if (!paper) return;
  const isBeside = getComputedStyle(paper.parentElement).position === "sticky";
  const isAskedFor = location.search.includes("paper=") || location.hash.startsWith("#paper");
  if (!isBeside && !isAskedFor) paper.open = false;
  const isPane = (event) => event.detail.target?.id === "paper-pane";
  const say = (what) => {
    const line = paper.querySelector(".desk-pane-lost");
    line.textContent = line.dataset[what];
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isPane(event) || !event.detail.xhr.responseURL.includes("/login/")) return;
    event.detail.shouldSwap = false;
    say("lost");
  });
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(name, (event) => { if (isPane(event)) say("lost"); });
  }
  // A page of a scan that is still drawn (202) is asked for again, a few times; one that will not come is said.
  const wait = () => new Promise((done) => { setTimeout(done, 2000); });
  const askAgain = async (picture) => {
    for (let tries = Number(picture.dataset.tries ?? 0); tries < 15 && picture.isConnected; tries += 1) {
      picture.dataset.tries = tries + 1;
      const ask = { method: "HEAD", redirect: "manual" };
      const status = await fetch(picture.src, ask).then((answer) => answer.status, () => 202);
      if (status === 200) { picture.src = picture.src; return; }
      if (status !== 202) break;
      await wait();
    }
    if (picture.isConnected) say("unseen");
  };
  paper.addEventListener("error", (event) => {
    if (event.target.tagName === "IMG") askAgain(event.target);
  }, true);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!isPane(event)) return;
    paper.open = true;
    const isTab = event.detail.requestConfig.elt.id.startsWith("read-");  // htmx gives its successor the focus
    if (!isTab) paper.querySelector(".desk-sheet")?.focus();
  });
})();
