package document

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mostProse is how much of a page is turned into text.
const mostProse = 32 << 20

// ErrCutProse tells that the rest of a page was left out.
var ErrCutProse = fmt.Errorf("only the first %d MB of the page", mostProse>>20)

// Prose writes what a page of HTML says as plain text, in lines of at most so many
// characters where words allow it: headings, lists, tables' rows and where links lead;
// no scripts and no styles. It takes long: run it in a job.
func (d *Document) Prose(ctx context.Context, width int, to io.Writer) error {
	out := bufio.NewWriter(to)
	p := &prose{out: out, width: width}
	page := &io.LimitedReader{R: &cancelled{ctx, d.Text()}, N: mostProse}
	z := html.NewTokenizer(page)
	for {
		switch z.Next() {
		case html.ErrorToken:
			p.line()
			err := errors.Join(z.Err(), out.Flush())
			if errors.Is(err, io.EOF) {
				err = nil
			}
			if err == nil && page.N <= 0 {
				err = ErrCutProse
			}
			return err
		case html.TextToken:
			p.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			p.open(z.Token())
		case html.EndTagToken:
			name, _ := z.TagName()
			p.close(atom.Lookup(name))
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// prose lays out a page as it comes.
type prose struct {
	out    *bufio.Writer
	width  int
	words  []string // of the line
	used   int      // their cells, with the blanks between
	lead   string   // before the next line, such as a list's dash
	indent int
	blank  bool // an empty line stands above
	begun  bool
	silent int // scripts and styles that are open
	exact  int // texts that are open whose blanks count
	links  []string
}

// display is how an element stands among the others.
type display uint8

const (
	inLine display = iota
	block          // it begins a line of its own
	apart          // an empty line is kept around it
	mute           // what is in it is not text
)

func displayOf(a atom.Atom) display {
	switch a { //nolint:exhaustive // all others stand in the line
	case atom.Div, atom.Li, atom.Tr, atom.Dt, atom.Dd, atom.Header, atom.Footer, atom.Section, atom.Article, atom.Nav, atom.Main, atom.Form,
		atom.Option, atom.Title, atom.Figcaption, atom.Address:
		return block
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Pre, atom.Blockquote, atom.Hr:
		return apart
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg:
		return mute
	}
	return inLine
}

func (p *prose) open(t html.Token) {
	a := t.DataAtom
	kind := displayOf(a)
	switch {
	case kind == mute && t.Type == html.StartTagToken:
		p.silent++
	case p.silent > 0:
		return
	}
	p.part(kind)
	switch a { //nolint:exhaustive // the others say nothing of their own
	case atom.Br:
		p.line()
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.add(strings.Repeat("#", int(a.String()[1]-'0')))
	case atom.Ul, atom.Ol, atom.Blockquote:
		p.indent = min(p.indent+2, 20)
	case atom.Li:
		p.lead = "- "
	case atom.Pre:
		p.exact++
	case atom.Td, atom.Th:
		if len(p.words) > 0 {
			p.add("|")
		}
	case atom.Hr:
		p.add("———")
		p.gap()
	case atom.Img:
		if alt := attribute(t, "alt"); alt != "" {
			p.add("[" + alt + "]")
		}
	case atom.Input, atom.Button:
		if value := attribute(t, "value"); value != "" {
			p.add("[" + value + "]")
		}
	case atom.A:
		p.links = append(p.links, attribute(t, "href"))
	}
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (p *prose) close(a atom.Atom) {
	kind := displayOf(a)
	switch {
	case kind == mute:
		p.silent = max(0, p.silent-1)
		return
	case p.silent > 0:
		return
	}
	switch a { //nolint:exhaustive // the others say nothing of their own
	case atom.Ul, atom.Ol, atom.Blockquote:
		p.gap()
		p.indent = max(0, p.indent-2)
		return
	case atom.Pre:
		p.exact = max(0, p.exact-1)
	case atom.A:
		if n := len(p.links); n > 0 {
			if to := p.links[n-1]; strings.HasPrefix(to, "http") {
				p.add("<" + to + ">")
			}
			p.links = p.links[:n-1]
		}
	}
	p.part(kind)
}

// part sets an element apart from its neighbour.
func (p *prose) part(kind display) {
	switch kind {
	case apart:
		p.gap()
	case block:
		p.line()
	case inLine, mute:
	}
}

func (p *prose) text(s string) {
	switch {
	case p.silent > 0:
	case p.exact > 0:
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				p.line()
			}
			if strings.TrimSpace(line) != "" {
				p.words, p.used = append(p.words, strings.TrimRight(line, "\r ")), p.width
			}
		}
	default:
		for word := range strings.FieldsSeq(s) {
			p.add(word)
		}
	}
}

// add puts a word on the line, or on the next where this one is full.
func (p *prose) add(word string) {
	n := utf8.RuneCountInString(word)
	if len(p.words) > 0 && p.indent+p.used+1+n > p.width {
		p.line()
	}
	p.words = append(p.words, word)
	p.used += n + 1
}

// line ends the line, if it holds something.
func (p *prose) line() {
	if len(p.words) == 0 {
		return
	}
	indent := strings.Repeat(" ", max(0, p.indent-len(p.lead)))
	_, _ = p.out.WriteString(indent + p.lead + strings.Join(p.words, " ") + "\n") // Flush tells what went wrong
	p.words, p.used, p.lead, p.blank, p.begun = p.words[:0], 0, "", false, true
}

// gap ends the line and leaves one empty.
func (p *prose) gap() {
	p.line()
	if p.begun && !p.blank {
		_ = p.out.WriteByte('\n') // likewise
		p.blank = true
	}
}
