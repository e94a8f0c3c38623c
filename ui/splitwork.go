package ui

import (
	"context"
	"math"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/remember"
	"github.com/connectty/connectty/ui/job"
)

// split is a line between panes that can be moved.
type split string

// The splits, by the names under which they are remembered.
const (
	columnSplit split = "column" // between the two columns of a wide screen: the left one's share
	answerSplit split = "answer" // between request and response there: the request's share
	stackSplit  split = "stack"  // between them on a narrow screen
)

// splits are the shares that a person gave; one that is not there is the layout's own.
type splits map[split]float64

// of returns the part of whole that a split gives, at least least and so that rest is
// left; or usual, where nobody moved it.
func (s splits) of(name split, whole, usual, least, rest int) int {
	share, moved := s[name]
	if !moved || math.IsNaN(share) {
		return usual
	}
	return max(least, min(int(math.Round(share*float64(whole))), whole-rest))
}

// edge is where a split stands on the screen: both borders of it.
type edge struct {
	split    split
	at       box
	whole    box // what it parts
	vertical bool
}

// share is what the pointer makes of the split.
func (e edge) share(x, y int) float64 {
	if e.vertical {
		return float64(x-e.whole.x) / float64(e.whole.w)
	}
	return float64(y-e.whole.y) / float64(e.whole.h)
}

// dragging is a split on its way.
type dragging struct {
	edge  edge
	on    bool
	moved bool
}

// grab begins to move the split under the pointer, if there is one.
func (m *model) grab(x, y int) {
	for _, e := range m.layout.edges {
		if e.at.contains(x, y) {
			m.drag = dragging{edge: e, on: true}
			return
		}
	}
}

// pull moves the split that was grabbed.
func (m *model) pull(x, y int) {
	m.drag.moved = true
	m.setSplit(m.drag.edge.split, m.drag.edge.share(x, y))
}

func (m *model) setSplit(name split, share float64) {
	if m.splits == nil {
		m.splits = splits{}
	}
	m.splits[name] = max(0, min(share, 1))
}

// drop ends the move.
func (m *model) drop() tea.Cmd {
	moved := m.drag.moved
	m.drag = dragging{}
	if !moved {
		return nil
	}
	return m.keepSplits()
}

// keepSplits remembers where the splits stand.
func (m *model) keepSplits() tea.Cmd {
	now := map[string]float64{}
	for name, share := range m.splits {
		now[string(name)] = share
	}
	return m.changeState("splits", func(s *remember.State) { s.Splits = now })
}

// splitsRead brings the splits as they were left.
type splitsRead struct {
	splits    map[string]float64
	coachDone bool
}

// readSplits reads how the screen was left.
func (m *model) readSplits() tea.Cmd {
	if m.opts.DataDir == "" {
		return nil
	}
	file := remember.In(m.opts.DataDir)
	return job.Start("splits", "", func(context.Context) tea.Msg {
		s, err := file.Read()
		if err != nil {
			return nil // readPlace tells of it
		}
		return splitsRead{s.Splits, s.CoachDone}
	})
}

func (msg splitsRead) land(m *model) tea.Cmd {
	for name, share := range msg.splits {
		m.setSplit(split(name), share)
	}
	m.beginCoach(msg.coachDone)
	return nil
}

// grow gives the focused pane more room, or less.
func (m *model) grow(by int) func() tea.Cmd {
	return func() tea.Cmd {
		for _, e := range m.layout.edges {
			inside := m.layout.boxes[m.focus]
			switch {
			case e.vertical && inside.x < e.at.x && (m.focus == environmentPane || m.focus == usersPane || m.focus == accountsPane || m.focus == historyPane):
				m.setSplit(e.split, e.share(inside.x+inside.w+by, 0))
			case !e.vertical && m.focus == requestPane:
				m.setSplit(e.split, e.share(0, inside.y+inside.h+by))
			case !e.vertical && m.focus == responsePane:
				m.setSplit(e.split, e.share(0, inside.y-by))
			default:
				continue
			}
			return m.keepSplits()
		}
		return nil
	}
}

// evenOut brings the usual layout back.
func (m *model) evenOut() tea.Cmd {
	m.splits = nil
	return m.keepSplits()
}
