package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/pasted"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// importer reads exchanges, one a line of JSON or one a curl command.
type importer struct {
	in   *bufio.Reader
	line int // of the newest that was read, 1-based
	now  time.Time
	told func(text string) // hears what was left out of a command
}

// mostJoined is how many lines a command may go over.
const mostJoined = 500

// numbered is what a shell's history puts before a command, or a prompt.
var numbered = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*(\d+\s+|: \d+:\d+;|[$%>] )?`) })

// next returns the next exchange; blank lines and comments are passed over. It fails with
// [io.EOF] at the end, and with the line on what is neither.
func (m *importer) next() (history.Exchange, error) {
	for {
		text, err := m.read()
		begins := bytes.TrimSpace(text)
		switch {
		case len(begins) == 0 && err != nil:
			return history.Exchange{}, err
		case len(begins) == 0, begins[0] == '#':
			continue
		case begins[0] == '{':
			var x history.Exchange
			if err := json.Unmarshal(text, &x); err != nil {
				return x, fmt.Errorf("line %d is no exchange: %w", m.line, err)
			}
			return x, nil
		}
		command := strings.TrimSpace(numbered().ReplaceAllString(string(text), ""))
		if !strings.HasPrefix(command, "curl ") {
			return history.Exchange{}, fmt.Errorf("line %d is neither an exchange as JSON nor a curl command", m.line)
		}
		return m.curl(command)
	}
}

func (m *importer) read() ([]byte, error) {
	text, err := m.in.ReadBytes('\n')
	if len(text) > 0 {
		m.line++
	}
	return text, err
}

// curl reads a command that may go on over the next lines: behind a backslash, or within
// quotes.
func (m *importer) curl(command string) (history.Exchange, error) {
	first := m.line
	for n := 0; ; n++ {
		r, _, err := pasted.Read(command)
		if err == nil && !strings.HasSuffix(command, `\`) {
			for _, notice := range r.Notices {
				m.told(fmt.Sprintf("line %d: %s", first, notice))
			}
			return m.exchange(r), nil
		}
		more, end := m.read()
		if len(more) == 0 || n == mostJoined {
			if err == nil {
				err = end
			}
			return history.Exchange{}, fmt.Errorf("the command of line %d: %w", first, err)
		}
		command += "\n" + strings.TrimRight(string(more), "\r\n")
	}
}

// exchange is a request that somebody sent by other means: what came of it is not known.
func (m *importer) exchange(r pasted.Request) history.Exchange {
	env := r.Environment
	if env == "" {
		env = proxy.Development
	}
	return history.Exchange{
		StartedAt: m.now, ProjectID: r.Project, Environment: env, ExternalUserID: r.User, Account: history.Account{ID: r.Account},
		Request: history.Request{Method: r.Method, URL: r.URL, Headers: r.Headers, Body: r.Body},
		Finding: diagnose.Finding{Who: diagnose.Unknown, Summary: "read in from a curl command: what came of it is not known", Evidence: []string{}, Next: []diagnose.Step{}},
		Note:    "imported",
	}
}

// newImporter reads from a file or a pipe.
func newImporter(in io.Reader, told func(string)) *importer {
	return &importer{in: bufio.NewReader(in), now: time.Now(), told: told}
}
