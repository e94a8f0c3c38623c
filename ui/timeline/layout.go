package timeline

import "time"

// room is how many lines the list has.
func (m *Model) room() int { return max(1, m.height-m.headLines()) }

func (m *Model) resize() {
	m.cursor.Resize(m.win.count, m.cursor.Height())
	m.settle()
}

// settle fits the cursor's window to the headings in it: it shows as many rows fewer.
func (m *Model) settle() {
	for range 3 { // another height may move the top, and with it a heading
		m.cursor.Resize(m.win.count, m.fit(m.cursor.Top(), m.room()))
	}
}

// fit is how many rows show from one on.
func (m *Model) fit(top, room int) int {
	today, n := dayOf(time.Now()), 0
	for lines := 0; ; n++ {
		if lines++; m.begins(top+n, today) {
			lines++
		}
		if lines > room {
			return max(1, n)
		}
	}
}

// begins reports that a row stands under a heading of its own: it is the first of its day,
// which is not today.
func (m *Model) begins(i int, today day) bool {
	x, here := m.win.row(i)
	if !here {
		return false
	}
	last := today
	if i > 0 {
		before, here := m.win.row(i - 1)
		if !here {
			return false
		}
		last = dayOf(before.StartedAt)
	}
	return dayOf(x.StartedAt) != last
}

// layout is what the lines show: a row by its number, or the heading above it as minus one
// minus its number. The row of the cursor is among them.
func (m *Model) layout(room int) []int {
	today := dayOf(time.Now())
	var out []int
	for i := m.cursor.Top(); i < m.win.count && (len(out) < room || i <= m.cursor.Row()); i++ {
		if m.begins(i, today) {
			out = append(out, -1-i)
		}
		out = append(out, i)
		if i == m.cursor.Row() && len(out) > room {
			out = out[len(out)-room:]
		}
	}
	return out[:min(len(out), room)]
}

// day is a day of the calendar.
type day struct {
	year  int
	month time.Month
	day   int
}

// dayOf is the day of a moment, here.
func dayOf(t time.Time) day {
	y, m, d := t.Local().Date()
	return day{y, m, d}
}
