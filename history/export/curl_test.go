package export_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/proxy"
)

// The command does in a shell what it says: the server gets every byte, and the
// variables have their values.
func TestCurl(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"curl", "bash"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("skipped: this machine has no " + tool)
		}
	}
	file := filepath.Join(t.TempDir(), `a "quoted" file`)
	if err := os.WriteFile(file, []byte("in the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		call export.Curl
		want []string // somewhere in what came
	}{
		"a GET":         {export.Curl{Method: "GET", URL: "/a?x=1&y=$HOME'"}, []string{"GET /a?x=1&y=$HOME'"}},
		"a body":        {export.Curl{Method: "POST", URL: "/", Body: []byte("{\"a\": \"it's\"}\n")}, []string{"POST /", "{\"a\": \"it's\"}\n"}},
		"a hostile one": {export.Curl{Method: "PUT", URL: "/", Body: []byte("\x1b[2J'\\\xff\u202e\t!`id`$(id)")}, []string{"\x1b[2J'\\\xff\u202e\t!`id`$(id)"}},
		"an at sign":    {export.Curl{Method: "PATCH", URL: "/", Body: []byte("@/etc/hostname")}, []string{"@/etc/hostname"}},
		"headers":       {export.Curl{Method: "GET", URL: "/", Headers: []proxy.Field{{Name: "X-A", Value: "a \"b\" $c"}, {Name: "X-Empty"}}}, []string{"X-A: a \"b\" $c", "X-Empty: \n"}},
		"a secret":      {export.Curl{Method: "GET", URL: "/{{custom_fields.sub-domain}}/{{token}}x", Secret: []proxy.Field{{Name: "Authorization", Value: "Bearer {{token}}"}}}, []string{"GET /acme/s3cretx", "Authorization: Bearer s3cret"}},
		"basic":         {export.Curl{Method: "GET", URL: "/", Basic: "{{token}}:"}, []string{"Authorization: Basic czNjcmV0Og=="}},
		"a bang":        {export.Curl{Method: "GET", URL: "/", Secret: []proxy.Field{{Name: "X-A", Value: "a!$b {{token}}"}}}, []string{"X-A: a!$b s3cret"}},
		"a file":        {export.Curl{Method: "PUT", URL: "/", File: file}, []string{"in the file\n"}},
		"parts":         {export.Curl{Method: "POST", URL: "/", Parts: []export.Part{{Name: "a", Value: "@text"}, {Name: "f", Value: file, File: true}}}, []string{"@text", "in the file\n", `filename="a %22quoted%22 file"`}},
		"HEAD":          {export.Curl{Method: "HEAD", URL: "/h"}, []string{"HEAD /h"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var came string
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				came = r.Method + " " + r.RequestURI + "\n"
				for name, values := range r.Header {
					came += name + ": " + values[0] + "\n"
				}
				came += string(body)
			}))
			defer server.Close()
			tt.call.URL = server.URL + tt.call.URL
			line := tt.call.String()
			cmd := exec.CommandContext(t.Context(), "bash", "-c", line+" --silent --show-error --globoff")
			cmd.Env = append(os.Environ(), "TOKEN=s3cret", "SUB_DOMAIN=acme")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s\n%v\n%s", line, err, out)
			}
			for _, want := range tt.want {
				if !strings.Contains(came, want) {
					t.Errorf("%s\nbrought %q, want %q", line, came, want)
				}
			}
			if strings.ContainsAny(line, "\x1b\x00\u202e") {
				t.Errorf("a terminal would obey %q", line)
			}
		})
	}
	call := export.Curl{Method: "GET", URL: "https://x/", Secret: []proxy.Field{{Name: "Authorization", Value: "Bearer {{pipedream_access_token}}"}}}
	if got, want := call.String(), "curl https://x/ \\\n  -H \"Authorization: Bearer $PIPEDREAM_ACCESS_TOKEN\""; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	long := export.Curl{Method: "POST", URL: "/", Body: make([]byte, 1<<20)}
	if n := len(long.String()); n > 1000 {
		t.Errorf("a body of 1 MB makes a command of %d bytes", n)
	}
}
