package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// echoBox is a sandbox with one app, echo, in front of an upstream.
func echoBox(t *testing.T, upstream http.HandlerFunc) server {
	t.Helper()
	api := httptest.NewServer(upstream)
	t.Cleanup(api.Close)
	config := filepath.Join(t.TempDir(), "sandbox.toml")
	text := fmt.Sprintf(`
[[app]]
slug = "echo"
name = "Echo"
auth_type = "keys"
allowed_domains = ["127.0.0.1"]
base_url = %q
insert = { header = "Authorization", value = "Bearer {{access_token}}" }
[[account]]
id = "apn_echo1"
app = "echo"
external_user_id = "abc-123"
name = "Echo of abc-123"
credentials = { access_token = "tok" }
`, api.URL)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return sandbox(t, "--config", config)
}

// A stream shows what has come while more is on its way; esc ends it at once, keeps what
// came, and says what may have happened. What goes out and comes in is counted.
func TestStreamOnScreen(t *testing.T) {
	t.Parallel()
	more, ended := make(chan struct{}), make(chan struct{})
	box := echoBox(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			close(ended)
		default:
			w.Header().Set("Content-Type", "text/event-stream")
			for i := range 3 {
				_, _ = fmt.Fprintf(w, "data: {\"n\": %d}\n\n", i)
			}
			w.(http.Flusher).Flush()
			<-more
			_, _ = io.WriteString(w, "data: {\"n\": \"the last\"}\n\n")
		}
	})
	s := open(t, 140, 40, surroundings(t.TempDir(), box.vars()...), "-u", "abc-123", "-a", "echo")
	s.shows("Echo of abc-123")
	s.keys("u", "/events", "enter")
	s.shows(`"n": 2`, "200 OK, arriving", "received", "esc cancels")
	s.hides("the last")
	close(more)
	s.shows("the last", "200 OK")
	s.hides("arriving")

	s.keys("m", "post", "enter", "u", "ctrl+u", "/slow", "esc", "b", strings.Repeat("x", 100), "esc", "ctrl+r")
	s.shows("sending POST", "100 B sent")
	s.keys("\x1b")
	s.shows("cancelled", "may")
	<-ended // the upstream saw the connection go
	s.keys("q")
	if code := s.ends(); code != 0 {
		t.Errorf("it ends with %d", code)
	}
}

// The body is piped to a command, which sees no secret of ours; the screen is back
// afterwards.
func TestPipe(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	s := open(t, 120, 40, surroundings(t.TempDir(), "ACME_SECRET=PIPEDREAM"), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("u", "/api/auth.test", "enter")
	s.shows("200 OK")
	s.keys("4", "!")
	s.shows("Pipe the body to")
	s.keys("ctrl+u", "cat > '"+out+"'; echo it ran", "enter")
	s.shows("it ran", "goes back to connectty")
	s.keys("enter")
	s.shows("Response", "200 OK")
	got, err := os.ReadFile(out)
	if err != nil || !strings.Contains(string(got), `"ok"`) {
		t.Errorf("it got %q, %v", got, err)
	}
	s.keys("!", "ctrl+u", "exit 3", "enter")
	s.shows("goes back")
	s.keys("enter")
	s.shows("ended with exit status 3")
	s.keys("q")
	s.ends()
}
