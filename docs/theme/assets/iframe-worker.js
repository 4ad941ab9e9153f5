// From disk no browser starts a worker: there, what would be one runs in a hidden frame.

if (location.protocol === "file:")
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      frame.srcdoc = `<script>postMessage = data => parent.postMessage(data, "*")</script>
        <script src="${new URL(url, location).href}"></script>`
      this.ready = new Promise(ready => frame.addEventListener("load", () => ready(frame.contentWindow)))
      addEventListener("message", ({ source, data }) => {
        if (source === frame.contentWindow) this.dispatchEvent(new MessageEvent("message", { data }))
      })
      document.body.append(frame)
    }

    postMessage(data) {
      this.ready.then(frame => frame.dispatchEvent(new MessageEvent("message", { data })))
    }
  }
