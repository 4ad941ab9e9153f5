# /// kubebook
# cluster = "none"
# expect = { matches = [
#   '^Server Version: v1\.34',
#   '(?i)warning: version difference between client \(1\.37\) and server \(1\.34\)',
# ] }
# ///
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer


class OldServer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        version = {"major": "1", "minor": "34", "gitVersion": "v1.34.4"}
        self.wfile.write(json.dumps(version).encode())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), OldServer)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
subprocess.run(["kubectl", "version", "--server", address], stderr=subprocess.STDOUT)
