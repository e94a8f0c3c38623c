package timeline_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/connectty/connectty/history"
)

// number is that of the exchange under the cursor of many.
func (p *pane) number(t *testing.T) int {
	t.Helper()
	var n int
	if _, err := fmt.Sscanf(p.Current(), "x%d", &n); err != nil {
		t.Fatalf("the cursor is on %q: %v", p.Current(), err)
	}
	return n
}

// A long history is read as far as one looks: its end at once, and nothing in between.
func TestLongHistory(t *testing.T) {
	t.Parallel()
	s := many(9000)
	p := newPane(t, 58, 20).with(s)
	if !strings.HasSuffix(p.StatusText(), "1/9,000") || len(s.asked) != 1 {
		t.Fatalf("asked %d times; %s", len(s.asked), p.StatusText())
	}
	p.Do("G")
	if got := p.StatusText(); p.number(t) != 1 || !strings.HasSuffix(got, "9,000/9,000") || len(s.asked) > 3 {
		t.Errorf("asked %d times; %s", len(s.asked), got)
	}
	for range 30 {
		p.Do("pgup")
	}
	if p.number(t) != 601 {
		t.Errorf("on %d", p.number(t))
	}
	p.Do("g")
	for range 30 {
		p.Do("pgdown")
	}
	if p.number(t) != 8400 {
		t.Errorf("on %d", p.number(t))
	}
}

// Wherever the cursor goes, the row that shows is the one that stands there, and few are
// kept.
func TestAnyPlaceOfALongHistory(t *testing.T) {
	t.Parallel()
	s := many(5000)
	for i := range s.rows { // a few days
		s.rows[i].StartedAt = noon().AddDate(0, 0, -i/7)
	}
	p := newPane(t, 58, 20).with(s)
	keys := []string{"pgdown", "pgup", "j", "k", "G", "g", "pgdown", "pgdown"}
	random := rand.New(rand.NewPCG(1, 2))
	for step := range 3000 {
		key := keys[random.IntN(len(keys))]
		if key == "G" || key == "g" {
			key = keys[random.IntN(len(keys))]
		}
		p.Do(key)
		var row int
		place := p.StatusText()
		place = strings.ReplaceAll(place[strings.LastIndexByte(place, ' ')+1:], ",", "")
		if _, err := fmt.Sscanf(place, "%d/5000", &row); err != nil || p.number(t) != 5001-row {
			t.Fatalf("step %d, %s: on %d, and the status says %q", step, key, p.number(t), place)
		}
		if view := p.ViewText(58, 20); !strings.Contains(view, fmt.Sprintf("n=%d ", 5001-row)) || strings.Contains(view, "…") {
			t.Fatalf("step %d, %s: row %d does not show:\n%s", step, key, row, view)
		}
	}
}

// What has some words is not counted before somebody goes to the end of it: that may take
// long.
func TestEndOfWhatWasFound(t *testing.T) {
	t.Parallel()
	s := many(2000)
	p := newPane(t, 58, 20).with(s)
	p.Do("/")
	p.Type("call")
	p.Press("enter")
	counted := s.outlines
	if got := p.StatusText(); !strings.HasSuffix(got, "1/200+") {
		t.Errorf("found: %s", got)
	}
	for range 20 {
		p.Do("pgdown")
	}
	if got := p.StatusText(); p.number(t) != 1620 || s.outlines != counted || !strings.HasSuffix(got, "381/600+") {
		t.Errorf("on %d, counted %d times, %s", p.number(t), s.outlines-counted, got)
	}
	p.Do("G")
	if got := p.StatusText(); p.number(t) != 1 || s.outlines != counted+1 || !strings.HasSuffix(got, "2,000/2,000") {
		t.Errorf("on %d, counted %d times, %s", p.number(t), s.outlines-counted, got)
	}
}

// What others send, and what is deleted, leaves the cursor in its place far down.
func TestChangesFarAbove(t *testing.T) {
	t.Parallel()
	s := many(3000)
	p := newPane(t, 58, 20).with(s)
	for range 60 {
		p.Do("pgdown")
	}
	want := p.number(t)
	for i := range 3 {
		s.rows = append([]history.Exchange{exchange(fmt.Sprintf("x%05d", 3001+i), "GET", "https://slack.com/new", 200)}, s.rows...)
		p.Run(p.Changed())
	}
	if got := p.StatusText(); p.number(t) != want || !strings.HasSuffix(got, "1,204/3,003") {
		t.Errorf("on %d, was on %d; %s", p.number(t), want, got)
	}
	row := 3003 - want
	s.rows = append(s.rows[:row:row], s.rows[row+1:]...)
	p.Run(p.Changed())
	if p.number(t) != want-1 || strings.Contains(p.ViewText(58, 20), "…") {
		t.Errorf("deleted %d, and the cursor is on %d", want, p.number(t))
	}
	s.rows = s.rows[:10]
	p.Run(p.Changed())
	if got := p.StatusText(); !strings.HasSuffix(got, "10/10") {
		t.Errorf("cut short: %s", got)
	}
}

// A page that cannot be read says so, and is not asked for again and again.
func TestPageThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := many(3000)
	p := newPane(t, 58, 20).with(s)
	s.err = errors.New("disk I/O error")
	asked := len(s.asked)
	p.Do("G")
	if got := p.StatusText(); !strings.Contains(got, "disk I/O error") || len(s.asked) != asked+1 {
		t.Errorf("asked %d times; %s", len(s.asked)-asked, got)
	}
	s.err = nil
	p.Do("R")
	if p.number(t) != 1 {
		t.Errorf("read again: on %d", p.number(t))
	}
}
