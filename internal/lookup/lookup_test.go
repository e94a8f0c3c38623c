package lookup_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/internal/lookup"
)

// TestMain is also the program that a command: names.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "find" {
		os.Exit(find(os.Args[2:])) //nolint:forbidigo // the child's own end
	}
	os.Exit(m.Run()) //nolint:forbidigo // a TestMain ends its process
}

func find(args []string) int {
	switch query := args[0]; query {
	case "slow":
		<-time.After(time.Minute)
	case "broken":
		fmt.Fprintln(os.Stderr, "the CRM is down\nand more")
		return 3
	case "env":
		_, _ = fmt.Fprintf(os.Stdout, "%q\t%d\n", os.Getenv("PIPEDREAM_CLIENT_SECRET"), len(args))
	case "much":
		_, _ = os.Stdout.WriteString(strings.Repeat("user\tlabel\n", 500_000))
	default:
		_, _ = fmt.Fprintf(os.Stdout, "user-1\t%s\r\n\n  user-2  \nuser-3\ttab\tinside\n", query)
	}
	return 0
}

func ask(t *testing.T, spec, query string) ([]lookup.Person, error) {
	t.Helper()
	l, err := lookup.Parse(spec, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return l.Find(t.Context(), query)
}

func told(people []lookup.Person) string {
	var out []string
	for _, p := range people {
		out = append(out, p.ID+"="+p.Label)
	}
	return strings.Join(out, " ")
}

func TestFile(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"users.csv": "external_user_id,name,email\nabc-123,Acme Ltd,ops@acme.io\n\"a, b\",Quoted,q@x.y\njane,Jane Doe\n,nobody\nalone\n",
		"users.tsv": "\ufeffabc-123\tAcme, Ltd\tops@acme.io\n",
	}
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := map[string]struct{ file, query, want string }{
		"by address":           {"users.csv", "OPS@acme", "abc-123=Acme Ltd"},
		"all words":            {"users.csv", "doe jane", "jane=Jane Doe"},
		"not the column names": {"users.csv", "email", ""},
		"quoted":               {"users.csv", "quoted", "a, b=Quoted"},
		"without a label":      {"users.csv", "alone", "alone="},
		"nothing asked":        {"users.csv", " ", ""},
		"tabs":                 {"users.tsv", "acme", "abc-123=Acme, Ltd"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := lookup.Parse("file:"+tc.file, dir)
			if err != nil {
				t.Fatal(err)
			}
			got, err := l.Find(t.Context(), tc.query)
			if err != nil || told(got) != tc.want {
				t.Errorf("got %q, %v, want %q", told(got), err, tc.want)
			}
		})
	}
}

// A file that was changed is read again; one that is gone is an error that names it.
func TestFileChanges(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "users.csv")
	l, err := lookup.Parse("file:"+path, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"a,Acme\n", "b,Acme Corp\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := l.Find(t.Context(), "acme"); err != nil || got[0].ID != text[:1] {
			t.Errorf("got %v, %v from %q", got, err, text)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Find(t.Context(), "acme"); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

func TestCommand(t *testing.T) {
	t.Setenv("PIPEDREAM_CLIENT_SECRET", "top")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ spec, query, want, err string }{
		"lines":                   {"find {{query}}", "ops@acme.io", "user-1=ops@acme.io user-2= user-3=tab\tinside", ""},
		"one argument, unread":    {"find {{query}}", `a b; $(rm) "c`, `user-1=a b; $(rm) "c user-2= user-3=tab` + "\tinside", ""},
		"quotes in the line":      {`find '{{query}}' "x y"`, "env", `""=2`, ""},
		"within a word":           {"find q={{query}}", "x", "user-1=q=x user-2= user-3=tab\tinside", ""},
		"a failure":               {"find {{query}}", "broken", "", "exit status 3: the CRM is down"},
		"no secret of ours":       {"find {{query}}", "env", `""=1`, ""},
		"nothing asked, no start": {"no-such-thing {{query}}", "", "", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			spec := tc.spec
			if strings.HasPrefix(spec, "find") {
				spec = self + " " + spec
			}
			got, err := ask(t, "command:"+spec, tc.query)
			if told(got) != tc.want || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("got %q, %v, want %q, %s", told(got), err, tc.want, tc.err)
			}
		})
	}
	if got, err := ask(t, "command:"+self+" find {{query}}", "much"); err != nil || len(got) != 200 {
		t.Errorf("%d people, %v", len(got), err)
	}
}

// A program that does not end is ended with its question.
func TestCommandEnds(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lookup.Parse("command:"+self+" find {{query}}", "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := l.Find(ctx, "slow"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]string{
		"users.csv": "neither file:PATH nor command:LINE", "file:": "needs a path", "command:": "needs a program", "command:crm-find": "has no {{query}}",
		"command:crm $(rm) {{query}}": "command:", "command:crm 'x {{query}}": "command:", "": "neither",
	} {
		if _, err := lookup.Parse(spec, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", spec, err, want)
		}
	}
}
