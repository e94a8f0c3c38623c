package response

import (
	"context"
	"fmt"
	"io"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// CopyAsked asks the root to offer what can be copied.
type CopyAsked struct{}

// Clip asks the root to put a text on the clipboard.
type Clip struct{ Text string }

// PageAsked asks the root for the page behind the one that shows, or for all of them as
// one body.
type PageAsked struct{ All bool }

// PipeAsked asks the root to give the body to a command.
type PipeAsked struct{}

// ReportShown brings a report to read before it is copied.
type ReportShown struct{ Text string }

// Choice is one row of a menu that the root shows: what can be copied, folded, or read as.
type Choice struct {
	Key, Label, Detail string
	Run                func() tea.Cmd
}

// Copies lists what can be copied of what is shown. report makes reports; it is
// called in a job and may read the disk.
func (m *Model) Copies(report func() export.Report) []Choice {
	what, url := "the body", m.exchange.Request.URL
	switch m.tab {
	case headersTab, sentTab:
		what = "this line"
	case diagnosisTab:
		what = "the diagnosis"
	case bodyTab, timingTab:
		if m.bare {
			what = "the text"
		}
	}
	copies := []Choice{{"y", what, "as it came", m.copyWhat}}
	copies = append(copies, m.ofLine()...)
	if report == nil {
		return copies
	}
	return append(copies, []Choice{
		{"u", "the URL", "", func() tea.Cmd { return tell(copied{url, "copied the URL"}) }},
		{"R", "a report of this exchange", "Markdown, ids and secrets masked", func() tea.Cmd { return m.report(report, false) }},
		{"r", "read the report first", "", func() tea.Cmd { return m.report(report, true) }},
		{"h", "an HTTP archive of this exchange", "HAR, ids and secrets masked", func() tea.Cmd { return m.archive(report) }},
	}...)
}

// ofLine lists what can be copied of the line of the cursor: its path, its key, its value
// with all that is in it.
func (m *Model) ofLine() []Choice {
	if m.tab != bodyTab || m.doc == nil || m.view != document.Pretty {
		return nil
	}
	path := m.doc.Path(m.at())
	if path == "" {
		return nil
	}
	out := []Choice{{"p", "the path", path, func() tea.Cmd { return tell(copied{path, "copied the path"}) }}}
	if key := m.doc.KeyOf(m.at()); key != "" {
		out = append(out, Choice{"k", "the key", visible.Line(key), func() tea.Cmd { return tell(copied{key, "copied the key"}) }})
	}
	return append(out, Choice{"v", "the value, with all in it", "as it came", m.copyValue})
}

// copyValue copies the bytes of the value under the cursor.
func (m *Model) copyValue() tea.Cmd {
	doc, line := m.doc, m.at()
	return job.Start("response.copy", "copying", func(ctx context.Context) tea.Msg {
		from, to, ok := doc.Value(ctx, line)
		switch {
		case !ok:
			return copied{"", "not copied: no whole value begins on this line"}
		case to-from > mostCopied:
			return copied{"", "not copied: the value is " + list.Bytes(to-from) + " · w saves the body to a file"}
		}
		text, err := io.ReadAll(doc.Section(from, to))
		if err != nil {
			return copied{"", "not copied: " + err.Error()}
		}
		return copied{string(text), "copied the value, " + list.Bytes(to-from)}
	})
}

// reported is how much of a body a report is made of.
const reported = 64 << 10

// report makes the report in a job: to read, or for the clipboard.
func (m *Model) report(report func() export.Report, read bool) tea.Cmd {
	x, doc := m.exchange, m.original()
	return job.Start("response.report", "writing the report", func(context.Context) tea.Msg {
		x, err := withBody(x, doc)
		if err != nil {
			return copied{"", "no report: " + err.Error()}
		}
		var b strings.Builder
		r := report()
		if err := r.Markdown(&b, x); err != nil {
			return copied{"", "no report: " + err.Error()}
		}
		if read {
			return ReportShown{b.String()}
		}
		return copied{b.String(), "copied the report · masked: " + strings.Join(r.Preview(x), ", ")}
	})
}

// archive makes the HAR of the exchange in a job.
func (m *Model) archive(report func() export.Report) tea.Cmd {
	x, doc := m.exchange, m.original()
	return job.Start("response.report", "writing the archive", func(context.Context) tea.Msg {
		x, err := withBody(x, doc)
		var b strings.Builder
		if err == nil {
			err = report().HAR(&b, x)
		}
		if err != nil {
			return copied{"", "no archive: " + err.Error()}
		}
		return copied{b.String(), "copied the exchange as HAR, masked"}
	})
}

// withBody returns an exchange with the beginning of its body.
func withBody(x history.Exchange, doc *document.Document) (history.Exchange, error) {
	if x.Response == nil || doc == nil {
		return x, nil
	}
	body, err := io.ReadAll(io.LimitReader(doc.Reader(), reported))
	if err != nil {
		return x, fmt.Errorf("read the body: %w", err)
	}
	response := *x.Response
	response.Body = body
	response.BodyTruncated = response.BodyTruncated || int64(len(body)) < response.Size
	x.Response = &response
	return x, nil
}
