package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// modules returns node, and the folder that the SDKs are installed in.
func modules(t *testing.T) (node, dir string) {
	t.Helper()
	node = tool(t, "node")
	dir = filepath.Join(root(), "internal", "e2e", "testdata", "sdk")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "pipedream-sdk-3")); err != nil {
		t.Skip("skipped: the SDKs are not installed; `npm ci` in internal/e2e/testdata/sdk brings them")
	}
	return node, dir
}

// upstream tells what it got; some paths answer otherwise.
func upstream(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/status/404", "/status/500":
		w.WriteHeader(map[string]int{"/status/404": 404, "/status/500": 500}[r.URL.Path])
		_, _ = io.WriteString(w, "nothing here\n")
		return
	case "/status/204":
		w.WriteHeader(http.StatusNoContent)
		return
	case "/text":
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "plain words\n")
		return
	case "/binary":
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write([]byte{0x89, 0x50, 0x00, 0xff})
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{ // a caller that went needs no answer
		"method": r.Method, "uri": r.RequestURI, "body": string(body), "type": r.Header.Get("Content-Type"),
		"trace": r.Header.Get("X-Trace"), "auth": r.Header.Get("Authorization"),
	})
}

// runSDK runs a script of an SDK against the sandbox and wants so many checks.
func runSDK(t *testing.T, script, checks string, more func(s server) []string, args ...string) {
	t.Helper()
	node, dir := modules(t)
	up := httptest.NewServer(http.HandlerFunc(upstream))
	t.Cleanup(up.Close)
	config := filepath.Join(t.TempDir(), "sandbox.toml")
	text := strings.ReplaceAll(example(t, "sdk.toml"), "$UPSTREAM", up.URL)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := sandbox(t, append([]string{"--config", config}, args...)...)
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-e", example(t, script))
	cmd.Dir = dir
	cmd.Env = append(surroundings(t.TempDir()), "UPSTREAM="+up.URL)
	for name, value := range s.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Env = append(cmd.Env, more(s)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, out)
	}
	if !regexp.MustCompile(`(?m)^` + checks + ` checks$`).Match(out) {
		t.Errorf("want %s checks:\n%s", checks, out)
	}
}

// The official SDK 3.1.6 runs against the sandbox, over http.
func TestSDK3(t *testing.T) {
	t.Parallel()
	runSDK(t, "sdk3.mjs", "32", func(server) []string { return nil })
}

// The official SDK 1.8.0 does, over TLS.
func TestSDK1(t *testing.T) {
	t.Parallel()
	certificates := t.TempDir()
	runSDK(t, "sdk1.mjs", "19", func(s server) []string {
		return []string{"API_HOST=" + strings.TrimPrefix(s.https, "https://"), "NODE_EXTRA_CA_CERTS=" + filepath.Join(certificates, "ca.pem")}
	}, "--tls-addr", "127.0.0.1:0", "--tls-dir", certificates)
}
