package export

import (
	"fmt"
	"io"
	"strings"
)

// Difference is one row of a [Comparison]; an empty side lacks it.
type Difference struct{ Name, Left, Right string }

// Comparison is two exchanges side by side, as a report tells them.
type Comparison struct {
	Left, Right, Verdict string
	Facts, Headers, Body []Difference
	Users                []string // whose ids are replaced wherever they stand
}

// toldDifferences is how many differences of a kind a report tells.
const toldDifferences = 50

// Compare writes a comparison without secrets, with stand-ins for ids.
func (r Report) Compare(w io.Writer, c Comparison) error {
	doc := r.writer()
	for _, u := range c.Users {
		doc.stand.Give("user", u)
	}
	doc.line("# %s", doc.prose(c.Verdict))
	for _, part := range []struct {
		title string
		rows  []Difference
	}{{"Facts", c.Facts}, {"Body", c.Body}, {"Headers", c.Headers}} {
		doc.section(part.title)
		doc.differences(c, part.rows)
	}
	doc.masked()
	_, err := io.WriteString(w, doc.b.String())
	return err
}

func (d *writer) differences(c Comparison, rows []Difference) {
	if len(rows) == 0 {
		d.line("Nothing differs but ids and times.")
		return
	}
	cell := func(name, s string) string {
		value, changed := d.mask.Header(name, s) // a name may tell that the value is a secret
		d.note(changed)
		return d.prose(value)
	}
	d.line("| | %s | %s |\n| --- | --- | --- |", cell("", c.Left), cell("", c.Right))
	for _, r := range rows[:min(len(rows), toldDifferences)] {
		d.line("| %s | %s | %s |", cell("", r.Name), cell(last(r.Name), r.Left), cell(last(r.Name), r.Right))
	}
	if n := len(rows) - toldDifferences; n > 0 {
		d.line("\n%s", fmt.Sprintf("… and %d more.", n))
	}
}

// last is the last name of a path.
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }
