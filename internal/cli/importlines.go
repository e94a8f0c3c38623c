package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/pasted"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// importer reads exchanges, one a line of JSON or one a curl command. Among commands, as a
// shell's history has them, others are passed over.
type importer struct {
	in    *bufio.Reader
	line  int // of the newest that was read, 1-based
	now   time.Time
	told  func(text string) // hears what was left out
	shell bool              // a curl command was read: what is none is another command

	passed int   // lines that were passed over
	first  error // what the first of them is not

	again []string  // lines that were read and are to be read once more
	id    string    // of the request that the next command sends, as export tells it
	at    time.Time // and when that was sent
}

// newImporter reads from a file or a pipe.
func newImporter(in io.Reader, told func(string)) *importer {
	return &importer{in: bufio.NewReader(in), now: time.Now(), told: told}
}

// mostJoined is how many lines a command may go over.
const mostJoined = 500

// numbered is what a shell's history puts before a command, or a prompt; zsh also says when.
var numbered = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*(?:\d+\s+|: (\d+):\d+;|[$%>] )?`) })

// toldOf is the comment above each request that export wrote: what, id and time.
var toldOf = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^# .* \(([0-9a-z]{20}), ([0-9TZ:-]+)\)$`) })

// tokenStep begins the first line of a request that export wrote for curl.
const tokenStep = "token=$(curl "

// next returns the next exchange; blank lines and comments are passed over. It fails with
// [io.EOF] at the end, and with the line on what is neither an exchange nor stands among
// commands.
func (m *importer) next() (history.Exchange, error) {
	for {
		text, err := m.read()
		begins := bytes.TrimSpace(text)
		switch {
		case len(begins) == 0 && err != nil:
			return history.Exchange{}, m.end(err)
		case len(begins) == 0, bytes.HasPrefix(begins, []byte(tokenStep)):
			continue
		case begins[0] == '#':
			if about := toldOf().FindSubmatch(begins); about != nil {
				m.id = string(about[1])
				m.at, _ = time.Parse(time.RFC3339, string(about[2])) // or never
			}
			continue
		case begins[0] == '{':
			if m.first != nil && !m.shell {
				return history.Exchange{}, m.first
			}
			x, err := m.exchange(text)
			if err != nil && m.shell { // a group of commands, or a part of one
				m.pass(err)
				continue
			}
			return x, err
		}
		before := numbered().FindSubmatch(text)
		command := strings.TrimRight(string(text[len(before[0]):]), " \t\r\n")
		if !strings.HasPrefix(command, "curl ") {
			m.pass(fmt.Errorf("line %d is neither an exchange as JSON nor a curl command", m.line))
			continue
		}
		at := m.now
		if seconds, err := strconv.ParseInt(string(before[1]), 10, 64); err == nil {
			at = time.Unix(seconds, 0)
		}
		if x, ok := m.curl(command, at); ok {
			return x, nil
		}
	}
}

// end tells how many lines were passed over; where nothing else was there, it refuses the
// first of them.
func (m *importer) end(err error) error {
	switch {
	case err != io.EOF: //nolint:errorlint // a wrapped one is another's
		return err
	case m.first != nil && !m.shell:
		return m.first
	case m.passed > 0:
		lines := "1 line was"
		if m.passed > 1 {
			lines = fmt.Sprintf("%d lines were", m.passed)
		}
		m.told(fmt.Sprintf("%s passed over: %v", lines, m.first))
	}
	return io.EOF
}

// pass goes on behind a line, of which the first is remembered.
func (m *importer) pass(why error) {
	m.passed++
	if m.first == nil {
		m.first = why
	}
}

func (m *importer) read() ([]byte, error) {
	if len(m.again) > 0 {
		text := m.again[0]
		m.again = m.again[1:]
		m.line++
		return []byte(text), nil
	}
	text, err := m.in.ReadBytes('\n')
	if len(text) > 0 {
		m.line++
	}
	return text, err
}

func (m *importer) exchange(text []byte) (history.Exchange, error) {
	var x history.Exchange
	err := json.Unmarshal(text, &x)
	if err == nil {
		return x, nil
	}
	hint := ""
	if syntax, is := errors.AsType[*json.SyntaxError](err); is && m.line == 1 && syntax.Offset >= int64(len(bytes.TrimSpace(text))) {
		hint = "; each stands on one line, as history export writes them: a HAR file and indented JSON are not read"
	}
	return x, fmt.Errorf("line %d is no exchange: %w%s", m.line, err, hint)
}

// curl reads a command that may go on over the next lines. One that cannot be read is passed
// over, and what was taken for the rest of it is read once more.
func (m *importer) curl(command string, at time.Time) (history.Exchange, bool) {
	first, id := m.line, m.id
	m.shell, m.id = true, ""
	line := func(text string) string {
		text = strings.TrimRight(text, "\r\n")
		if at != m.now && strings.HasSuffix(text, `\\`) { // zsh doubles the sign before the end of a line
			text = text[:len(text)-1]
		}
		return text
	}
	whole := line(command)
	var rest []string
	for len(rest) < mostJoined && pasted.Unfinished(whole) {
		more, _ := m.read()
		if len(more) == 0 {
			break
		}
		if numbered().FindSubmatch(more)[1] != nil { // another command
			m.again = append([]string{string(more)}, m.again...)
			m.line--
			break
		}
		rest = append(rest, string(more))
		whole += "\n" + line(string(more))
	}
	r, _, err := pasted.Read(strings.TrimSuffix(whole, `\`))
	if err != nil {
		m.told(fmt.Sprintf("line %d is passed over: %v", first, err))
		m.again, m.line = append(rest, m.again...), first
		return history.Exchange{}, false
	}
	for _, notice := range r.Notices {
		if id == "" || r.Partial { // of our own only the end of a body is worth a word
			m.told(fmt.Sprintf("line %d: %s", first, notice))
		}
	}
	x := sentByCurl(r, at)
	if id != "" && !m.at.IsZero() {
		x.ID, x.StartedAt = id, m.at
	}
	return x, true
}

// sentByCurl is a request that somebody sent by other means: what came of it is not known.
func sentByCurl(r pasted.Request, at time.Time) history.Exchange {
	env := r.Environment
	if env == "" {
		env = proxy.Development
	}
	return history.Exchange{
		StartedAt: at, ProjectID: r.Project, Environment: env, ExternalUserID: r.User, Account: history.Account{ID: r.Account},
		Request: history.Request{Method: r.Method, URL: r.URL, Headers: r.Headers, Body: r.Body, BodyTruncated: r.Partial},
		Finding: diagnose.Finding{Who: diagnose.Unknown, Summary: "read in from a curl command: what came of it is not known", Evidence: []string{}, Next: []diagnose.Step{}},
	}
}
