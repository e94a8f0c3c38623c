package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/connectty/connectty/internal/cli"
	"github.com/connectty/connectty/proxy/sandbox"
)

func TestMain(m *testing.M) {
	_ = os.Setenv("ECHO_TOKEN", "tok-echo") // the sandbox reads it: it runs in this process
	testscript.Main(m, map[string]func(){
		"connectty": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			defer stop()
			os.Exit(cli.Execute(ctx, os.Args[1:]))
		},
	})
}

// Each script runs the real program, with an empty home, against a real sandbox
// and an upstream on loopback.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			upstream := httptest.NewServer(http.HandlerFunc(echo))
			env.Defer(upstream.Close)
			env.Setenv("UPSTREAM", upstream.URL)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"sandbox": startSandbox, "jsonkeys": jsonKeys, "exits": exits},
	})
}

// echo answers with what it got. Some paths misbehave.
func echo(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/status/404":
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "nothing here\n")
		return
	case "/cut":
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half of it")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case "/escape":
		_, _ = io.WriteString(w, "red\x1b[31m\n")
		return
	case "/wait":
		<-r.Context().Done()
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(map[string]any{ // a caller that went needs no answer
		"method": r.Method, "path": r.URL.Path, "query": r.URL.RawQuery, "body": string(body),
		"trace": r.Header.Get("X-Trace"), "type": r.Header.Get("Content-Type"), "auth": r.Header.Get("Authorization"),
	})
}

// exits runs a command that must end with the given status.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](ts.Exec(args[1], args[2:]...)); ok {
		code = exit.ExitCode()
	}
	if got := strconv.Itoa(code); got != args[0] {
		ts.Fatalf("%s ends with %s, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// startSandbox serves a sandbox file, $UPSTREAM filled in, or the demo, and sets
// the variables that point at it.
func startSandbox(ts *testscript.TestScript, _ bool, args []string) {
	cfg, err := sandbox.Demo()
	if len(args) > 0 {
		text := strings.ReplaceAll(ts.ReadFile(args[0]), "$UPSTREAM", ts.Getenv("UPSTREAM"))
		cfg, err = sandbox.ParseConfig(args[0], []byte(text))
	}
	ts.Check(err)
	server, err := sandbox.New(cfg)
	ts.Check(err)
	var lc net.ListenConfig
	listener, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	ts.Check(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	ts.Defer(func() {
		stop()
		ts.Check(<-ended)
		ts.Check(server.Close())
	})
	for _, line := range server.Environ("http://" + listener.Addr().String()) {
		name, value, _ := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		ts.Setenv(name, strings.Trim(value, "'"))
	}
}

// jsonKeys checks the members of the one JSON object on standard output, in order.
func jsonKeys(ts *testscript.TestScript, _ bool, args []string) {
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	var keys []string
	depth := 0
	for expectKey := true; ; {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		ts.Check(err)
		if d, ok := token.(json.Delim); ok {
			if d == '{' || d == '[' {
				depth++
			} else {
				depth--
			}
			expectKey = depth == 1
			continue
		}
		if depth == 1 && expectKey {
			keys = append(keys, fmt.Sprint(token))
			expectKey = false
			continue
		}
		expectKey = depth == 1
	}
	if got, want := strings.Join(keys, " "), strings.Join(args, " "); got != want {
		ts.Fatalf("the object has the members\n%s\nwant\n%s", got, want)
	}
}
