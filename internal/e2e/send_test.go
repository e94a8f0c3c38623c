package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// One shell command sends through `connectty sandbox`, and an upstream on
// loopback sees all of it, with the credential inserted.
func TestSendThroughTheSandbox(t *testing.T) {
	t.Parallel()
	type call struct {
		method, uri, trace, kind, auth, body string
	}
	calls := make(chan call, 1)
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		calls <- call{r.Method, r.RequestURI, r.Header.Get("X-Trace"), r.Header.Get("Content-Type"), r.Header.Get("Authorization"), string(body)}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "made")
	}))
	t.Cleanup(up.Close)
	config := filepath.Join(t.TempDir(), "sandbox.toml")
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(example(t, "sdk.toml"), "$UPSTREAM", up.URL)), 0o600); err != nil {
		t.Fatal(err)
	}
	s := sandbox(t, "--config", config)
	cmd := exec.CommandContext(t.Context(), program(t), "send", "PATCH", "/items/a%2Fb?x=1&x=2", "-u", "abc-123", "-a", "apn_echo1",
		"-H", "X-Trace: t-7", "-d", `{"text":"hällo"}`, "--json")
	cmd.Env = surroundings(t.TempDir())
	for name, value := range s.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := call{"PATCH", "/items/a%2Fb?x=1&x=2", "t-7", "application/json", "Bearer tok-echo", `{"text":"hällo"}`}
	if got := <-calls; got != want {
		t.Errorf("the upstream got\n%+v, want\n%+v", got, want)
	}
	var x struct {
		Response struct {
			Status int
			Body   string
		}
	}
	if err := json.Unmarshal(out, &x); err != nil || x.Response.Status != http.StatusCreated || x.Response.Body != "made" {
		t.Errorf("got %+v, %v", x, err)
	}
}
