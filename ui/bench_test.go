package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/ui/request"
)

// screenOf returns an explorer of a size that shows a response.
func screenOf(tb testing.TB, width, height int) *model {
	tb.Helper()
	m, err := newModel(tb.Context(), Options{Theme: "dark"})
	if err != nil {
		tb.Fatal(err)
	}
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	doc := document.New(document.Options{MediaType: "application/json"})
	for i := range 500 {
		if _, err := fmt.Fprintf(doc, `{"id":%d,"name":"item %d","ok":true}`+"\n", i, i); err != nil {
			tb.Fatal(err)
		}
	}
	doc.End(nil)
	m.response.Show(session.Result{
		Done: true, Document: doc,
		Exchange: history.Exchange{ID: "1", StartedAt: time.Now(), Response: &history.Response{Status: 200, Size: 9000}},
	})
	m.moveFocus(responsePane)
	m.relayout()
	return m
}

// BenchmarkKey is what a key costs before the frame: Update, then View.
func BenchmarkKey(b *testing.B) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			m := screenOf(b, size[0], size[1])
			b.ReportAllocs()
			for b.Loop() {
				m.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
				_ = m.View()
			}
		})
	}
}

// BenchmarkTypeInBody is what a typed character costs before the frame, in the
// middle of a body of 1 MB in lines, or in one line. What is looked at beside the
// typing is not in it.
func BenchmarkTypeInBody(b *testing.B) {
	item := `{"id": 12345, "name": "item of a list", "ok": true},`
	for name, sep := range map[string]string{"lines": "\n", "one-line": " "} {
		b.Run(name, func(b *testing.B) {
			m := screenOf(b, 120, 40)
			half := strings.Repeat(item+sep, (512<<10)/len(item))
			m.request.Load(request.Draft{Body: []byte("[" + half + "1]")})
			m.moveFocus(requestPane)
			m.Update(tea.KeyPressMsg{Code: 'b', Text: "b"})
			m.Update(tea.KeyPressMsg{Code: tea.KeyRight})
			m.Update(tea.PasteMsg{Content: half})
			b.ReportAllocs()
			for b.Loop() {
				m.Update(tea.KeyPressMsg{Code: 'x', Text: "x"})
				_ = m.View()
			}
		})
	}
}
