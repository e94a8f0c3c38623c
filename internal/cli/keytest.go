package cli

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui"
	"github.com/connectty/connectty/ui/action"
)

// listen prints, for each key that is pressed, what the terminal sent, what connectty
// takes it for, and what it does, until ctrl+c was pressed twice.
func listen(ctx context.Context) error {
	heard := &listener{File: os.Stdin}
	_, err := tea.NewProgram(&keyTest{heard: heard}, tea.WithContext(ctx), tea.WithInput(heard), tea.WithOutput(os.Stdout), tea.WithoutSignalHandler()).Run()
	return err
}

// listener keeps the bytes that a terminal sends on their way in.
type listener struct {
	*os.File

	mu   sync.Mutex
	sent []byte
}

// Read reads on, and remembers what came.
func (l *listener) Read(p []byte) (int, error) {
	n, err := l.File.Read(p)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, p[:n]...)
	return n, err
}

// replies are what a terminal says of itself: nobody pressed them.
var replies = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\x1b\[[?>=][0-9;]*(\$y|[ucn])|\x1b[\]P][^\x07\x1b]*(\x07|\x1b\\)`)
})

// take returns what was pressed since the last time.
func (l *listener) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := replies().ReplaceAllString(string(l.sent), "")
	l.sent = nil
	return text
}

// keyTest is a program that shows nothing but the keys that were pressed.
type keyTest struct {
	heard   *listener
	leaving bool
}

// Init says what to do, now that keys come as they are pressed.
func (k *keyTest) Init() tea.Cmd {
	return tea.Printf("Press keys to see what this terminal sends; ctrl+c twice ends.\n")
}

// View is empty: what is said stands above it, and stays.
func (k *keyTest) View() tea.View { return tea.NewView("") }

// Update prints one key.
func (k *keyTest) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		name := msg.String()
		again := k.leaving
		k.leaving = name == "ctrl+c"
		line := tea.Println(keyLine(name, k.heard.take()))
		if k.leaving && again {
			return k, tea.Sequence(line, tea.Quit)
		}
		return k, line
	case tea.KeyboardEnhancementsMsg:
		if msg.SupportsKeyDisambiguation() {
			return k, tea.Println("this terminal tells keys apart: ctrl+enter, alt+enter and esc come as they are")
		}
	}
	return k, nil
}

// keyLine is one key: its name, the bytes, and what it does where.
func keyLine(name, sent string) string {
	if strings.TrimSpace(name) == "" {
		name = "space"
	}
	does := strings.Join(doneBy(name), " · ")
	if does == "" {
		does = "nothing, or a letter where one types"
	}
	return fmt.Sprintf("%-16s %-18s %s", visible.Line(name), fmt.Sprintf("%q", sent), does)
}

// doneBy are the actions of a key, each with where it does that.
func doneBy(key string) []string {
	var out []string
	for _, g := range ui.Keys() {
		for _, a := range g.Actions {
			for _, k := range a.Keys {
				if k != key {
					continue
				}
				where := ""
				if g.Name != action.Everywhere {
					where = g.Title + ": "
				}
				out = append(out, where+a.Title)
			}
		}
	}
	return out
}
