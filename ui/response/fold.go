package response

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// FoldAsked asks the root to offer what can be folded.
type FoldAsked struct{}

// at is the line of the body under the cursor, 0-based.
func (m *Model) at() int { return m.folds.Line(max(0, m.body.Row())) }

// goTo puts the cursor on a line, and opens what holds it folded.
func (m *Model) goTo(line int) {
	if m.folds.Open(line) {
		m.resizeBody()
	}
	m.put(m.folds.Row(line))
}

// resizeBody follows a change of what is folded, and of how long the body is.
func (m *Model) resizeBody() {
	const least = 4 // cells that a deep line is still indented
	m.limitIndent(max(least, (m.width-m.gutter())/3))
	m.body.Resize(m.folds.Rows(m.doc.Lines(m.view)), max(1, m.room(m.height)))
}

// shownLine is a line of the body that shows, with its number, and what is folded into
// it.
type shownLine struct {
	document.Line

	number int
	fold   *document.Fold
	places [][2]int // of what is looked for, in the hex view
}

// window returns the lines of at most count rows from a row on.
func (m *Model) window(row, count int) []shownLine {
	var out []shownLine
	total := m.folds.Rows(m.doc.Lines(m.view))
	for len(out) < count && row < total {
		first := m.folds.Line(row)
		n := 1 // rows whose lines follow each other
		for n < count-len(out) && row+n < total && m.folds.Line(row+n) == first+n {
			n++
		}
		lines := m.doc.Window(m.view, first, n)
		if len(lines) == 0 {
			break
		}
		for i, line := range lines {
			s := shownLine{Line: line, number: first + i}
			if fold, ok := m.folds.At(first + i); ok {
				s.fold = &fold
			}
			out = append(out, s)
		}
		row += len(lines)
	}
	return out
}

// folded says in words what a fold holds.
func folded(f document.Fold) string {
	if f.Items > 0 {
		return fmt.Sprintf(" … ]  %s items", list.Count(f.Items))
	}
	return fmt.Sprintf(" … }  %s lines", list.Count(f.To-f.From-1))
}

// toggleFold folds what opens on the line of the cursor, or is around it, or opens it
// again.
func (m *Model) toggleFold() {
	line := m.at()
	if m.folds.Open(line) {
		m.resizeBody()
		return
	}
	fold, err := m.doc.FoldAt(line)
	if err != nil {
		m.word = "nothing to fold here"
		return
	}
	m.refold(func() { m.folds.Add(fold) })
}

// refold changes what is folded; the cursor stays on its line.
func (m *Model) refold(change func()) {
	line := m.at()
	change()
	m.resizeBody()
	m.body.Put(m.folds.Row(line))
}

// foldsFound answers foldMany.
type foldsFound struct {
	doc   *document.Document
	folds []document.Fold
	anew  bool // what was folded before is opened
	err   error
}

func (m *Model) foldMany(anew bool, find func(ctx context.Context, d *document.Document) ([]document.Fold, error)) tea.Cmd {
	doc := m.doc
	return job.Start("response.fold", "folding", func(ctx context.Context) tea.Msg {
		folds, err := find(ctx, doc)
		return foldsFound{doc, folds, anew, err}
	})
}

func (m *Model) foldsFound(msg foldsFound) {
	switch {
	case msg.doc != m.doc || m.view != document.Pretty || errors.Is(msg.err, context.Canceled):
	case msg.err != nil || len(msg.folds) == 0:
		m.word = "nothing to fold there"
	default:
		m.refold(func() {
			if msg.anew {
				m.folds.Clear()
			}
			m.folds.Add(msg.folds...)
		})
		m.word = list.Count(m.folds.Len()) + " folded · space opens one, F o all"
	}
}

// mostLevels is how many levels the menu offers.
const mostLevels = 9

// FoldChoices lists what can be folded.
func (m *Model) FoldChoices() []Choice {
	key := m.doc.KeyOf(m.at())
	out := []Choice{{"o", "open all", "", func() tea.Cmd {
		m.refold(m.folds.Clear)
		m.word = ""
		return nil
	}}}
	for level := 1; level <= mostLevels; level++ {
		detail := ""
		if level == 1 {
			detail = "the members of the outermost show"
		}
		out = append(out, Choice{strconv.Itoa(level), "to level " + strconv.Itoa(level), detail, func() tea.Cmd {
			return m.foldMany(true, func(ctx context.Context, d *document.Document) ([]document.Fold, error) {
				return d.FoldLevel(ctx, level)
			})
		}})
	}
	if key != "" {
		out = append(out, Choice{"k", "every " + visible.Line(strconv.Quote(key)), "by the key of this line", func() tea.Cmd {
			return m.foldMany(false, func(ctx context.Context, d *document.Document) ([]document.Fold, error) { return d.FoldKey(ctx, key) })
		}})
	}
	if path := m.doc.Path(m.at()); len(path) > len("$") {
		out = append(out, Choice{"s", "this one's siblings", "all that stand beside it", m.foldSiblings})
	}
	return out
}

// limitIndent bounds how far lines are indented. A match moves with its line.
func (m *Model) limitIndent(cells int) {
	before := m.foundAfter()
	m.doc.LimitIndent(cells)
	m.find.match.Column += m.foundAfter() - before
}

// foundAfter is how far the line of a match is indented.
func (m *Model) foundAfter() int {
	if !m.find.has {
		return 0
	}
	for _, line := range m.doc.Window(m.view, m.find.match.Line, 1) {
		text := line.Text()
		return len(text) - len(strings.TrimLeft(text, " "))
	}
	return 0
}

// foldSiblings folds all that stands beside what is under the cursor.
func (m *Model) foldSiblings() tea.Cmd {
	line := m.at()
	return m.foldMany(false, func(ctx context.Context, d *document.Document) ([]document.Fold, error) {
		return d.FoldBeside(ctx, line)
	})
}

// openPlace begins to type a line or a path to go to.
func (m *Model) openPlace() tea.Cmd {
	m.turnTo(bodyTab)
	m.typing = placeField
	m.places.SetValue("")
	m.places.Focus()
	return nil
}

// placed answers goToPlace.
type placed struct {
	doc  *document.Document
	text string
	line int
	err  error
}

// goToPlace goes to the line or path that was typed.
func (m *Model) goToPlace() tea.Cmd {
	text := strings.TrimSpace(m.places.Value())
	if text == "" {
		return nil
	}
	if n, err := strconv.Atoi(strings.ReplaceAll(text, ",", "")); err == nil {
		m.goTo(max(0, min(n, m.doc.Lines(m.view))-1))
		return nil
	}
	doc := m.doc
	return job.Start("response.place", "going to "+visible.Line(text), func(ctx context.Context) tea.Msg {
		line, err := doc.LineOf(ctx, text)
		return placed{doc, text, line, err}
	})
}

func (m *Model) placed(msg placed) {
	switch {
	case msg.doc != m.doc, errors.Is(msg.err, context.Canceled):
	case msg.err != nil:
		m.word = visible.Line(msg.text + ": " + msg.err.Error())
	default:
		if m.view != document.Pretty {
			m.setView(document.Pretty)
		}
		m.goTo(msg.line)
	}
}
