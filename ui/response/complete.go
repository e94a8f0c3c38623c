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

// remember keeps a filter that gave a result; the newest is the first.
func (f *filter) remember(query string) {
	const most = 50
	f.past = slices.DeleteFunc(f.past, func(p string) bool { return p == query })
	f.past = slices.Insert(f.past, 0, query)
	f.past = f.past[:min(len(f.past), most)]
	f.back = -1
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
	case "up", "down":
		if key == "up" {
			f.back = min(f.back+1, len(f.past)-1)
		} else {
			f.back = max(f.back-1, -1)
		}
		text := ""
		if f.back >= 0 {
			text = f.past[f.back]
		}
		f.input.SetValue(text)
		f.input.CursorEnd()
	default:
		return false
	}
	return true
}

// hint says what the keys do.
func (f *filter) hint() string {
	text := "⏎ filters with jq · esc leaves"
	if whole := f.completion(); whole != "" {
		return "tab " + visible.Line(whole[strings.LastIndexByte(whole, '.'):]) + " · " + text
	}
	if len(f.past) > 0 {
		return "↑ what was asked before · " + text
	}
	return text
}
