package timeline

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

const (
	previewFrom = 100 // the width from which a preview stands beside the list
	previewHigh = 8   // and the height
)

// preview is the exchange under the cursor, beside the list.
type preview struct {
	id       string // that is asked for, or shows
	exchange history.Exchange
	body     *document.Document // nil while it is read, and where there is none
	err      error
}

// peeked answers peek.
type peeked struct {
	id       string
	exchange history.Exchange
	body     *document.Document
	err      error
}

// beside reports that there is room for a preview.
func (m *Model) beside() bool { return m.width >= previewFrom && m.height >= previewHigh }

// peek reads the exchange under the cursor for the preview, where it shows and is another
// than before.
func (m *Model) peek() tea.Cmd {
	id := m.Current()
	if !m.beside() || m.store == nil || id == "" || id == m.preview.id {
		return nil
	}
	m.preview.id = id
	store := m.store
	return job.Start("timeline.preview", "", func(ctx context.Context) tea.Msg {
		x, err := store.Load(ctx, id)
		if err != nil || x.Response == nil {
			return peeked{id, x, nil, err}
		}
		body := document.New(document.Options{MediaType: history.MediaType(x.Response.Headers)})
		_, err = bytes.NewReader(x.Response.Body).WriteTo(body)
		body.End(err)
		if ctx.Err() != nil { // the cursor went on
			_ = body.Close()
			return nil
		}
		return peeked{id, x, body, nil}
	})
}

func (m *Model) peeked(msg peeked) {
	if msg.id != m.preview.id {
		if msg.body != nil {
			_ = msg.body.Close()
		}
		return
	}
	if m.preview.body != nil {
		_ = m.preview.body.Close() // a spool that is the system's to clean up
	}
	m.preview = preview(msg)
}

// view draws the preview.
func (p *preview) view(width, height int, th *themes.Theme) string {
	x := p.exchange
	if p.err != nil {
		return list.Words(width, th.Bad, visible.Line(p.err.Error()), th, "")
	}
	if x.ID == "" {
		return ""
	}
	var out []string
	line := func(text string) { out = append(out, frame.Clip(text, width)) }
	status, ink := verdict(x, th)
	line(th.Strong.Paint(visible.Line(x.Request.Method)) + " " + th.Text.Paint(visible.Line(x.Request.URL)))
	line(ink.Paint(status) + th.Muted.Paint(" · "+x.StartedAt.Local().Format("Mon 2 Jan 2006 15:04:05")+" · "+string(x.Environment)))
	line(th.Muted.Paint(visible.Line(x.ExternalUserID + " · " + strings.TrimSpace(x.Account.App+" "+x.Account.Name))))
	for _, text := range []string{x.Finding.Summary, x.Note, x.Ticket} {
		if text != "" {
			for l := range strings.SplitSeq(ansi.Wrap(visible.Line(text), width, ""), "\n") {
				line(th.Text.Paint(l))
			}
		}
	}
	if len(x.Redacted) > 0 {
		line(th.Warn.Paint("masked: " + visible.Line(strings.Join(x.Redacted, ", "))))
	}
	if r := x.Response; r != nil && r.BodyTruncated {
		line(th.Warn.Paint(fmt.Sprintf("%s of %s were kept", list.Bytes(int64(len(r.Body))), list.Bytes(r.Size))))
	}
	out = append(out, "")
	if p.body != nil {
		p.body.LimitIndent(width / 3)
		for _, l := range p.body.Window(document.Pretty, 0, max(0, height-len(out))) {
			var b strings.Builder
			for _, s := range l.Spans {
				b.WriteString(th.Syntax(s.Type).Paint(s.Text))
			}
			out = append(out, ansi.Truncate(b.String(), width, "…"))
		}
	}
	return strings.Join(out[:min(len(out), height)], "\n")
}

// split draws the list with the preview beside it.
func (m *Model) split(left string, width, height int, th *themes.Theme) string {
	right := strings.Split(m.preview.view(width-m.listWidth(width)-4, height, th), "\n")
	lines := strings.Split(left, "\n")
	for i := range height {
		l, r := "", ""
		if i < len(lines) {
			l = lines[i]
		}
		if i < len(right) {
			r = right[i]
		}
		joined := frame.Fit(l, m.listWidth(width)) + th.Faint.Paint(" │ ") + r
		if i < len(lines) {
			lines[i] = joined
		} else {
			lines = append(lines, joined)
		}
	}
	return strings.Join(lines, "\n")
}

// listWidth is the room of the list beside a preview.
func (m *Model) listWidth(width int) int { return width * 9 / 20 }
