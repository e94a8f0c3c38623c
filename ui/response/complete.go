package response

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/remember"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
)

// keysIn is how much of a body is read for keys that a filter can be completed with.
const keysIn = 1 << 20

// keysRead answers readKeys.
type keysRead struct {
	doc  *document.Document
	keys []string
}

// readKeys reads the keys of the body, once for each.
func (m *Model) readKeys() tea.Cmd {
	doc := m.original()
	if m.filter.of == doc {
		return nil
	}
	return job.Start("response.keys", "", func(ctx context.Context) tea.Msg { return keysRead{doc, doc.Keys(ctx, keysIn)} })
}

func (m *Model) keysRead(msg keysRead) {
	if msg.doc == m.original() {
		m.filter.of, m.filter.keys = msg.doc, msg.keys
	}
}

// lastKey is the key that a filter ends with, as far as it is typed.
var lastKey = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\.("?)([\p{L}\p{N}_ -]*)$`) })

// simple is a key that needs no quotes in a filter.
var simple = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`) })

// completion is how what was typed of a filter could go on, as a whole; empty for nothing.
func (f *filter) completion() string {
	typed := f.input.Value()
	at := lastKey().FindStringSubmatchIndex(typed)
	if at == nil || f.input.Position() < len([]rune(typed)) {
		return ""
	}
	begun := typed[at[4]:at[5]]
	i := slices.IndexFunc(f.keys, func(k string) bool {
		return len(k) > len(begun) && strings.HasPrefix(strings.ToLower(k), strings.ToLower(begun))
	})
	if i < 0 {
		return ""
	}
	key := f.keys[i]
	if !simple().MatchString(key) {
		key = strconv.Quote(key)
	}
	return typed[:at[0]] + "." + key
}

// Filtered tells that a filter of an app's answer gave a result.
type Filtered struct{ App, Query string }

// SetFilters brings the filters of former times, by app.
func (m *Model) SetFilters(past map[string][]string) {
	if past != nil {
		m.filter.past = past
	}
}

// recall are the filters of the app whose answer shows, the newest first.
func (m *Model) recall() []string { return m.filter.past[m.exchange.Account.App] }

// keep remembers a filter that gave a result.
func (m *Model) keep(query string) tea.Cmd {
	const most = 50
	app := m.exchange.Account.App
	if m.filter.past == nil {
		m.filter.past = map[string][]string{}
	}
	m.filter.past[app] = remember.Newest(m.filter.past[app], query, most)
	m.filter.back = -1
	return tell(Filtered{app, query})
}

// pressFilter are the keys of the filter's field beside letters; false for any other.
func (m *Model) pressFilter(key string) bool {
	f := &m.filter
	switch key {
	case "tab", "right":
		text := f.completion()
		if text == "" {
			return key == "tab"
		}
		f.input.SetValue(text)
		f.input.CursorEnd()
	case "up":
		m.recallAt(min(f.back+1, len(m.recall())-1))
	case "down":
		m.recallAt(max(f.back-1, -1))
	default:
		return false
	}
	return true
}

// recallAt puts a filter of former times into the field; -1 stands for what was typed there.
func (m *Model) recallAt(i int) {
	f := &m.filter
	if i == f.back {
		return
	}
	if f.back < 0 {
		f.draft = f.input.Value()
	}
	text := f.draft
	if f.back = i; i >= 0 {
		text = m.recall()[i]
	}
	f.input.SetValue(text)
	f.input.CursorEnd()
}

// filterHint says what the keys do.
func (m *Model) filterHint() string {
	f := &m.filter
	text := "⏎ filters with jq · esc leaves"
	if whole := f.completion(); whole != "" {
		return "tab " + visible.Line(whole[strings.LastIndexByte(whole, '.'):]) + " · " + text
	}
	if len(m.recall()) > 0 {
		return "↑ what was asked before · " + text
	}
	return text
}
