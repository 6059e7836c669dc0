// Compute the file's SHA-256 in the browser and send only that. Without this script the server checks the file.
(() => {
  const form = document.getElementById("verify-form");
  if (!form || !window.crypto?.subtle) return;
  const [file, sha256] = [form.elements.file, form.elements.sha256];
  let isAsked = false;
  const how = document.getElementById("verify-how");
  if (how.textContent === how.dataset.sent) how.textContent = how.dataset.local;
  file.addEventListener("change", () => { isAsked = false; sha256.value = ""; how.textContent = how.dataset.local; document.getElementById("verify-unknown").hidden = document.getElementById("verify-too-large").hidden = true; });
  form.addEventListener("submit", async (event) => {
    const chosen = file.files[0];
    if (!chosen || isAsked) return;
    event.preventDefault();
    const digest = await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer());
    sha256.value = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    isAsked = true;
    const known = await fetch(form.action, { method: "POST", body: new URLSearchParams({
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, sha256: sha256.value }) });
    const answer = new DOMParser().parseFromString(await known.text(), "text/html");
    if (answer.querySelector("[data-verdict='not_ours']")) {
      sha256.value = "";
      if (chosen.size > Number(form.dataset.limit)) {
        isAsked = false;
        const large = document.getElementById("verify-too-large");
        large.hidden = false;
        large.focus();
        return;
      }
      const unknown = document.getElementById("verify-unknown");
      unknown.hidden = false;
      how.textContent = how.dataset.sent;
      unknown.focus();
      return;
    }
    file.disabled = true;
    form.requestSubmit();
  });
})();
