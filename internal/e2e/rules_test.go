package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/connectty/connectty/ui"
)

const module = "github.com/connectty/connectty"

// root is the repository's top folder.
func root() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..")
}

// may lists what each room may import of ours: folders, a star for all below.
var may = map[string][]string{
	".":                     {"internal/cli"},
	"proxy":                 {},
	"proxy/diagnose":        {"proxy"},
	"proxy/presets":         {"proxy", "internal/nearest"},
	"proxy/sandbox":         {"proxy", "proxy/presets", "proxy/sandbox/vendors", "internal/nearest", "internal/atomicfile", "internal/pause"},
	"proxy/sandbox/vendors": {},
	"history":               {"proxy", "proxy/diagnose", "history/redact"},
	"history/redact":        {},
	"history/export":        {"history", "history/redact", "proxy", "proxy/diagnose", "internal/httpfile", "internal/visible"},
	"internal/sweep":        {"internal/session", "internal/pause", "internal/config", "internal/visible", "proxy", "proxy/diagnose", "history/redact"},
	"themes":                {},
	"internal/visible":      {},
	"internal/nearest":      {},
	"internal/pause":        {},
	"internal/jq":           {},
	"internal/command":      {},
	"internal/home":         {},
	"internal/clipboard":    {"internal/command"},
	"internal/lookup":       {"internal/command"},
	"internal/pasted":       {"proxy"},
	"internal/paging":       {"proxy"},
	"internal/httpfile":     {"proxy", "internal/atomicfile"},
	"internal/variables":    {"proxy", "internal/nearest"},
	"internal/editor":       {"internal/command"},
	"internal/compare":      {"history", "proxy", "proxy/diagnose"},
	"internal/atomicfile":   {},
	"internal/remember":     {"proxy", "history/redact", "internal/atomicfile"},
	"internal/document":     {"internal/visible"},
	"internal/config":       {"proxy", "internal/atomicfile", "internal/command", "internal/lookup", "internal/nearest"},
	"internal/session":      {"proxy", "proxy/*", "history", "history/redact", "internal/config", "internal/document", "internal/lookup", "internal/pause", "internal/atomicfile", "internal/variables"},
	"internal/cli":          {"proxy", "proxy/*", "history", "history/*", "themes", "ui", "ui/action", "internal/*"},
	"internal/e2e":          {"ui"},
	"ui":                    {"ui/*", "themes", "proxy", "proxy/diagnose", "history", "history/*", "internal/document", "internal/session", "internal/sweep", "internal/clipboard", "internal/command", "internal/compare", "internal/editor", "internal/home", "internal/httpfile", "internal/lookup", "internal/paging", "internal/pasted", "internal/pause", "internal/remember", "internal/variables", "internal/config", "internal/visible"},
	"ui/action":             {"internal/nearest"},
	"ui/job":                {},
	"ui/editor":             {"themes", "internal/visible"},
	"ui/input":              {},
	"ui/frame":              {"themes"},
	"ui/list":               {"proxy", "themes", "internal/visible", "ui/action", "ui/frame"},
}

// leaves is what every pane and dialog may import: no other pane, and not ui.
var leaves = []string{
	"ui/action", "ui/job", "ui/list", "ui/frame", "ui/editor", "ui/input", "themes", "proxy", "proxy/diagnose", "history", "history/export", "internal/session", "internal/sweep", "internal/compare", "internal/document", "internal/home", "internal/jq", "internal/remember", "internal/variables", "internal/visible", "internal/atomicfile",
}

// Imports point one way, and each package says in one comment what it is for.
func TestRooms(t *testing.T) {
	t.Parallel()
	docs := map[string]int{}
	files := 0
	err := filepath.WalkDir(root(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || d.Name() == "node_modules") {
			if err == nil {
				err = filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		files++
		dir, err := filepath.Rel(root(), filepath.Dir(path))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		docs[dir] += documented(file)
		for _, imported := range file.Imports {
			name, err := strconv.Unquote(imported.Path.Value)
			if err != nil {
				return err
			}
			if ours, is := strings.CutPrefix(name, module+"/"); is && !allowed(dir, ours) {
				t.Errorf("%s imports %s, which its room may not", filepath.ToSlash(path), ours)
			}
			if strings.HasPrefix(name, "github.com/alecthomas/chroma/v2/") {
				t.Errorf("%s imports %s, which costs the start of every command", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Fatalf("only %d files were seen", files)
	}
	for dir, n := range docs {
		if n != 1 {
			t.Errorf("package %s has %d package comments, want 1", dir, n)
		}
	}
}

func documented(file *ast.File) int {
	if file.Doc != nil {
		return 1
	}
	return 0
}

func allowed(dir, imported string) bool {
	rule, known := may[dir]
	if !known {
		if !strings.HasPrefix(dir, "ui/") {
			return false // a new room says what it may import
		}
		rule = leaves
	}
	return slices.ContainsFunc(rule, func(r string) bool {
		below, star := strings.CutSuffix(r, "/*")
		return imported == r || star && strings.HasPrefix(imported, below+"/")
	})
}

// docs/keys.md is what the action table says.
func TestKeysAreDocumented(t *testing.T) {
	t.Parallel()
	got, err := os.ReadFile(filepath.Join(root(), "docs", "keys.md"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.ReplaceAll(string(got), "\r\n", "\n") != ui.KeysMarkdown() {
		t.Error("docs/keys.md differs from the action table; run: go run . keys --markdown > docs/keys.md")
	}
}

// README's table of keys is what the action table says.
func TestReadmeKeys(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root(), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, began := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "<!-- keys: go run . keys --readme -->\n")
	table, _, ended := strings.Cut(rest, "<!-- end of keys -->")
	if !began || !ended || table != ui.KeysReadme() {
		t.Error("README's keys differ from the action table; put what go run . keys --readme prints between the two marks")
	}
}

// No two default bindings of one place collide.
func TestKeysDoNotCollide(t *testing.T) {
	t.Parallel()
	if err := ui.CheckKeys(nil); err != nil {
		t.Error(err)
	}
}

// initBudget is how many bytes the package init of all imports may allocate: a
// library that builds tables at start would go past it. It says nothing of time. Nearly
// half of it is gojq's, whose own functions are a table (0.2 ms), and the names of
// characters of x/net/html (0.1 ms).
const initBudget = 768 << 10

// What every command pays before main stays small.
func TestPackageInit(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), program(t), "version")
	cmd.Env = surroundings(t.TempDir(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) bytes, \d+ allocs$`).FindAllStringSubmatch(string(out), -1)
	if len(lines) < 10 {
		t.Fatalf("no trace of package init:\n%s", out)
	}
	sum := 0
	for _, l := range lines {
		n, err := strconv.Atoi(l[2])
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	t.Logf("%d packages allocate %d bytes", len(lines), sum)
	if sum > initBudget {
		t.Errorf("package init allocates %d bytes, more than %d:\n%s", sum, initBudget, out)
	}
}
