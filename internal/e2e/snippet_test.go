package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/connectty/connectty/internal/httpfile"
)

// picture is an answer, and a body, that no text can hold.
const picture = "\x89PNG\x00\xff\x80\xfe"

// calls are what an upstream was asked for, by the first name of the path.
type calls struct {
	mu  sync.Mutex
	got map[string][]string
}

func (c *calls) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	whom := strings.Split(r.URL.Path, "/")[1]
	c.got[whom] = append(c.got[whom], fmt.Sprintf("%s %s %q %q %q", r.Method, r.RequestURI, strings.Join(r.Header.Values("X-Trace"), ", "), r.Header.Get("Content-Type"), body))
	answer := map[bool][2]string{true: {"image/png", picture}, false: {"application/json", `{"ok":true}`}}[strings.HasSuffix(r.URL.Path, "/picture")]
	w.Header().Set("Content-Type", answer[0])
	_, _ = io.WriteString(w, answer[1]) // a caller that went needs no answer
}

// take returns what was asked for since the last time.
func (c *calls) take(whom string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	got := c.got[whom]
	delete(c.got, whom)
	return got
}

// runSnippet is how each form is run: a command for the file that it stands in.
var runSnippet = map[string]func(t *testing.T, path string) *exec.Cmd{
	"curl": func(t *testing.T, path string) *exec.Cmd {
		t.Helper()
		tool(t, "curl")
		tool(t, "base64")
		return exec.CommandContext(t.Context(), tool(t, "sh"), path)
	},
	"python": func(t *testing.T, path string) *exec.Cmd {
		t.Helper()
		return exec.CommandContext(t.Context(), tool(t, "python3"), path)
	},
	"js":  func(t *testing.T, path string) *exec.Cmd { t.Helper(); return runJS(t, path, "pipedream-sdk-3") },
	"js1": func(t *testing.T, path string) *exec.Cmd { t.Helper(); return runJS(t, path, "@pipedream/sdk") },
	"go": func(t *testing.T, path string) *exec.Cmd {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), tool(t, "go"), "run", path)
		cmd.Dir = filepath.Join(root(), "internal", "e2e")
		return cmd
	},
	"http": func(t *testing.T, path string) *exec.Cmd {
		t.Helper()
		file, err := httpfile.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		var lines strings.Builder
		for _, r := range file.Requests {
			fmt.Fprintf(&lines, "'%s' --no-history run '%s' '%s' -u abc-123 -a apn_echo1\n", program(t), path, r.Name)
		}
		return exec.CommandContext(t.Context(), tool(t, "sh"), "-c", lines.String())
	},
}

func runJS(t *testing.T, path, sdk string) *exec.Cmd {
	t.Helper()
	node, dir := modules(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module")
	cmd.Stdin = strings.NewReader(strings.Replace(string(text), "@pipedream/sdk", sdk, 1))
	cmd.Dir = dir
	return cmd
}

// Requests of the history are written as one file of each form, and it sends them again
// as they were.
func TestSnippets(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no shell there")
	}
	up := &calls{got: map[string][]string{}}
	upstream := httptest.NewServer(up)
	t.Cleanup(upstream.Close)
	dir := t.TempDir()
	config := strings.NewReplacer("$UPSTREAM", upstream.URL, "rate_limit = 100", "rate_limit = 10000").Replace(example(t, "sdk.toml"))
	for name, text := range map[string]string{"sandbox.toml": config, "long": strings.Repeat("it's long ", 20<<10) + "!", "picture": picture} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	box := sandbox(t, "--config", filepath.Join(dir, "sandbox.toml"), "--tls-addr", "127.0.0.1:0", "--tls-dir", dir)
	for form, run := range runSnippet {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			env := append(surroundings(home, box.vars()...), "GOCACHE="+goEnv(t, "GOCACHE"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOPATH="+goEnv(t, "GOPATH"))
			if form == "js1" { // that SDK speaks TLS alone
				if runtime.GOOS != "linux" {
					t.Skip("skipped: the sandbox's certificate is not trusted there")
				}
				ca := filepath.Join(dir, "ca.pem")
				env = append(env, "PIPEDREAM_BASE_URL="+box.https, "SSL_CERT_FILE="+ca, "NODE_EXTRA_CA_CERTS="+ca)
			}
			connectty := func(args ...string) {
				t.Helper()
				cmd := exec.CommandContext(t.Context(), program(t), args...)
				cmd.Env = env
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("%v: %v\n%s", args, err, out)
				}
			}
			for _, args := range [][]string{
				{"POST", "/{}/say?q=naïve%20café", "-H", "X-Trace: it's 1", "-H", "X-Trace: 2", "-d", `{"channel":"C03NA8B4VA9","text":"it's \"quoted\" – $HOME ünïcode 𝄞"}`},
				{"POST", "/{}/number", "-d", `{"id":12345678901234567890}`},
				{"HEAD", "/{}/head"},
				{"PUT", "/{}/long", "-d", "@" + filepath.Join(dir, "long")},
				{"PUT", "/{}/bytes", "-H", "Content-Type: image/png", "-d", "@" + filepath.Join(dir, "picture")},
				{"GET", "/{}/picture"},
				{"DELETE", "/{}/gone"},
			} {
				if form == "http" && strings.HasSuffix(args[1], "/bytes") {
					continue // such a file is text
				}
				args[1] = strings.Replace(args[1], "{}", form, 1)
				connectty(append([]string{"send", "-u", "abc-123", "-a", "apn_echo1", "-o", filepath.Join(home, "answer")}, args...)...)
			}
			want := up.take(form)
			path := filepath.Join(home, "requests."+form)
			if form == "go" {
				path = filepath.Join(home, "main.go")
			}
			if form == "http" {
				path = filepath.Join(home, "requests.http")
			}
			connectty("history", "export", "--format", form, path)
			text, err := os.ReadFile(path)
			if err != nil || strings.Contains(string(text), box.env["PIPEDREAM_CLIENT_SECRET"]) {
				t.Errorf("%v, or the secret is in it:\n%s", err, text)
			}
			cmd := run(t, path)
			cmd.Env = env
			out, err := cmd.CombinedOutput()
			if err != nil || strings.Count(string(out), `{"ok":true}`) != len(want)-2 || !strings.Contains(string(out), picture) {
				t.Errorf("%v\n%s\nof\n%.4000s", err, out, text)
			}
			if got := up.take(form); !slices.Equal(got, want) {
				t.Errorf("got\n%.200q\nwant\n%.200q", got, want)
			}
		})
	}
}

// What an imported answer holds reaches a pipe as it is, and a terminal made safe.
func TestExportToATerminal(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := surroundings(home)
	const steer = "a\u009b31m\u202eb"
	line := `{"schema":1,"id":"","started_at":"2030-03-14T12:01:00Z","project_id":"proj_1","environment":"development","external_user_id":"abc-123",` +
		`"account":{"id":"apn_1","app":"slack"},"request":{"method":"POST","url":"https://slack.com/x","headers":[],"body":"` + steer + `","body_encoding":"utf8"},` +
		`"response":{"status":200,"headers":[["X-A","` + steer + `"]],"body":"` + steer + `","body_encoding":"utf8"}}`
	cmd := exec.CommandContext(t.Context(), program(t), "history", "import", "-")
	cmd.Env, cmd.Stdin = env, strings.NewReader(line)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd = exec.CommandContext(t.Context(), program(t), "history", "export")
	cmd.Env = env
	if out, err := cmd.Output(); err != nil || strings.Count(string(out), steer) != 3 {
		t.Errorf("a pipe gets %v\n%q", err, out)
	}
	for _, form := range append([]string{"jsonl", "har", "markdown"}, "curl", "http", "js", "js1", "python", "go") {
		for _, args := range [][]string{{"export"}, {"show", "last"}} {
			s := open(t, 200, 100, env, append([]string{"history", "--format", form}, args...)...)
			if code := s.ends(); code != 0 {
				t.Errorf("%s %s ends with %d", args[0], form, code)
			}
			s.shows("slack")
			if raw := s.raw.String(); strings.ContainsAny(raw, "\u009b\u202e") {
				t.Errorf("%s %s writes %q", args[0], form, raw)
			}
		}
	}
}

// goEnv is a setting of this machine's go.
func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), tool(t, "go"), "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
