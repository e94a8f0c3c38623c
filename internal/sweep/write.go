package sweep

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy/diagnose"
)

// Formats are those that Write knows.
var Formats = []string{"text", "markdown", "csv", "json"}

// Write writes the report. Markdown is for others: people's ids are replaced by
// stand-ins there. No format holds a secret.
func (r Report) Write(w io.Writer, format string, stand *redact.Pseudonyms) error {
	switch format {
	case "text":
		return r.text(w)
	case "markdown":
		return r.markdown(w, stand)
	case "csv":
		return r.csv(w)
	case "json":
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(r)
	}
	return fmt.Errorf("format %q: there are %s", format, strings.Join(Formats, ", "))
}

// Lines tell of the set what a list and its answers say in numbers.
func (r Report) Lines() []string {
	f := r.Facts
	lines := []string{fmt.Sprintf("%d accounts: %d healthy, %d unhealthy, %d dead (not asked)", f.Accounts, f.Healthy, f.Unhealthy, f.Dead)}
	if f.Asked < r.Planned {
		lines = append(lines, fmt.Sprintf("ended before its time: %d of %d were asked; the same command goes on from there", f.Asked, r.Planned))
	} else {
		lines = append(lines, fmt.Sprintf("%d were asked who they are", f.Asked))
	}
	if f.Skipped > 0 {
		lines = append(lines, fmt.Sprintf("%d were not asked: no harmless call is known for their app", f.Skipped))
	}
	if len(r.New) > 0 {
		lines = append(lines, fmt.Sprintf("new since the last sweep: %d (%s)", len(r.New), few(r.New)))
	}
	if len(r.Recovered) > 0 {
		lines = append(lines, fmt.Sprintf("recovered since the last sweep: %d (%s)", len(r.Recovered), few(r.Recovered)))
	}
	return lines
}

func few(ids []string) string {
	if len(ids) > namedIDs {
		return strings.Join(ids[:namedIDs], ", ") + ", …"
	}
	return strings.Join(ids, ", ")
}

func (r Report) text(w io.Writer) error {
	var b strings.Builder
	b.WriteString(visible.Line(r.Headline) + "\n\n")
	for _, line := range r.Lines() {
		b.WriteString(visible.Line(line) + "\n")
	}
	if len(r.Groups) > 0 {
		b.WriteString("\n")
	}
	table := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	for _, g := range r.Groups {
		_, _ = fmt.Fprintln(table, strings.Join([]string{ // a strings.Builder takes everything
			strconv.Itoa(g.Count), visible.Line(g.Who.Words(g.App)), visible.Line(g.App), visible.Line(g.Summary), few(g.IDs),
		}, "\t"))
	}
	_ = table.Flush()
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Report) markdown(w io.Writer, stand *redact.Pseudonyms) error {
	if stand == nil {
		stand = redact.NewPseudonyms(nil)
	}
	for _, row := range r.Rows {
		stand.Give("user", row.User)
	}
	safe := func(s string) string { return visible.Markdown(stand.Text(s)) }
	var b strings.Builder
	fmt.Fprintf(&b, "# Sweep of %s in %s\n\n**%s**\n\n", safe(r.what()), r.Environment, safe(r.Headline))
	for _, line := range r.Lines() {
		fmt.Fprintf(&b, "- %s\n", safe(line))
	}
	b.WriteString("\n| accounts | who | app | why | for instance |\n| ---: | --- | --- | --- | --- |\n")
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s |\n", g.Count, safe(g.Who.Words(g.App)), safe(g.App), safe(g.Summary), safe(few(g.IDs)))
	}
	b.WriteString("\nIds and addresses are stand-ins.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Report) what() string {
	switch {
	case r.App != "" && r.User != "":
		return r.App + " accounts of " + r.User
	case r.App != "":
		return "all " + r.App + " accounts"
	case r.User != "":
		return "the accounts of " + r.User
	}
	return "all accounts"
}

func (r Report) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	err := out.Write([]string{"account_id", "name", "app", "external_user_id", "health", "asked", "status", "who", "code", "summary", "note"})
	for _, row := range r.Rows {
		if err != nil {
			return err
		}
		f := diagnose.Finding{}
		if row.Finding != nil {
			f = *row.Finding
		}
		status := ""
		if row.Status > 0 {
			status = strconv.Itoa(row.Status)
		}
		cells := []string{
			row.ID, row.Name, row.App, row.User, string(row.Health), strconv.FormatBool(row.Asked), status, string(f.Who), f.Code, f.Summary,
			strings.TrimSpace(row.Skipped + " " + row.Error),
		}
		for i, c := range cells {
			cells[i] = cell(c)
		}
		err = out.Write(cells)
	}
	out.Flush()
	if err != nil {
		return err
	}
	return out.Error()
}

// cell keeps a stranger's text from being a formula in a spreadsheet.
func cell(s string) string {
	s = visible.Line(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
