package themes

import (
	"errors"
	"fmt"
	"image/color"
	"maps"
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/alecthomas/chroma/v2"
	"github.com/pelletier/go-toml/v2"
)

// file is a theme file. An ink is written as words: a colour, bg: before the
// colour of its background, and attributes, such as "bold #7aa2f7 bg:#1f2a44".
// A colour is #rrggbb or a name of [palette].
type file struct {
	Dark    *bool             `toml:"dark"`
	Ground  string            `toml:"ground"`
	Palette map[string]string `toml:"palette"`
	Chrome  map[string]string `toml:"chrome"`
	Syntax  map[string]string `toml:"syntax"` // by chroma's names of token types
}

// FileError is a mistake in a theme file.
type FileError struct {
	File string
	Line int // 1-based; 0 where it is not known
	Key  string
	What string
}

// Error names the place, then what is wrong there.
func (e *FileError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		b.WriteString(":" + strconv.Itoa(e.Line))
	}
	b.WriteString(": ")
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	b.WriteString(e.What)
	return b.String()
}

// parser turns one file into a theme.
type parser struct {
	name string
	src  []byte
	file file
}

func parse(name string, src []byte, base func(dark bool) *Theme) (*Theme, error) {
	p := &parser{name: name, src: src}
	if err := p.decode(); err != nil {
		return nil, err
	}
	if p.file.Dark == nil {
		return nil, p.fail("", "dark", "is missing; write dark = true for a dark background, else dark = false")
	}
	t := &Theme{syntax: map[chroma.TokenType]Ink{}}
	if base != nil {
		b := base(*p.file.Dark)
		*t = *b
		t.syntax = maps.Clone(b.syntax)
	}
	t.Dark = *p.file.Dark
	if p.file.Ground != "" {
		c, err := p.color("", "ground", p.file.Ground)
		if err != nil {
			return nil, err
		}
		t.Ground = c
	}
	for _, name := range attributes {
		if _, taken := p.file.Palette[name]; taken {
			return nil, p.fail("palette", name, "is the word of an attribute; give the colour another name")
		}
	}
	if err := p.chrome(t); err != nil {
		return nil, err
	}
	return t, p.syntax(t)
}

func (p *parser) decode() error {
	dec := toml.NewDecoder(strings.NewReader(string(p.src)))
	dec.DisallowUnknownFields()
	err := dec.Decode(&p.file)
	if unknown, ok := errors.AsType[*toml.StrictMissingError](err); ok && len(unknown.Errors) > 0 {
		first := unknown.Errors[0]
		line, _ := first.Position()
		key := first.Key()[0]
		return &FileError{p.name, line, strings.Join(first.Key(), "."), "unknown key" +
			suggest(key, []string{"dark", "ground", "palette", "chrome", "syntax"})}
	}
	if wrong, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ := wrong.Position()
		return &FileError{p.name, line, strings.Join(wrong.Key(), "."), strings.TrimPrefix(wrong.Error(), "toml: ")}
	}
	if err != nil {
		return &FileError{File: p.name, What: err.Error()}
	}
	return nil
}

func (p *parser) chrome(t *Theme) error {
	slots := t.slots()
	for _, key := range slices.Sorted(maps.Keys(p.file.Chrome)) {
		i := slices.IndexFunc(slots, func(s slot) bool { return s.name == key })
		if i < 0 {
			names := make([]string, len(slots))
			for i, s := range slots {
				names[i] = s.name
			}
			return p.fail("chrome", key, "unknown key"+suggest(key, names))
		}
		ink, err := p.ink("chrome", key, p.file.Chrome[key])
		if err != nil {
			return err
		}
		*slots[i].ink = ink
	}
	return nil
}

func (p *parser) syntax(t *Theme) error {
	for _, key := range slices.Sorted(maps.Keys(p.file.Syntax)) {
		tt, err := chroma.TokenTypeString(key)
		if err != nil || tt.String() != key {
			return p.fail("syntax", key, "no such token type"+suggest(key, chroma.TokenTypeStrings()))
		}
		ink, err := p.ink("syntax", key, p.file.Syntax[key])
		if err != nil {
			return err
		}
		t.syntax[tt] = ink
	}
	return nil
}

// attributes are the words of an ink beside its colours.
var attributes = []string{"bold", "faint", "italic", "reverse", "strike", "underline"}

func (p *parser) ink(section, key, words string) (Ink, error) {
	style := plain()
	for word := range strings.FieldsSeq(words) {
		if on, ok := attribute(style, word); ok {
			style = on
			continue
		}
		name, back := strings.CutPrefix(word, "bg:")
		c, err := p.color(section, key, name)
		if err != nil {
			return Ink{}, err
		}
		if back {
			style = style.Background(c)
		} else {
			style = style.Foreground(c)
		}
	}
	return NewInk(style), nil
}

func attribute(style lipgloss.Style, word string) (lipgloss.Style, bool) {
	switch word {
	case "bold":
		return style.Bold(true), true
	case "faint":
		return style.Faint(true), true
	case "italic":
		return style.Italic(true), true
	case "reverse":
		return style.Reverse(true), true
	case "strike":
		return style.Strikethrough(true), true
	case "underline":
		return style.Underline(true), true
	default:
		return style, false
	}
}

func (p *parser) color(section, key, word string) (color.Color, error) {
	if hex, ok := p.file.Palette[word]; ok {
		section, key, word = "palette", word, hex
	}
	if c, ok := hexColor(word); ok {
		return c, nil
	}
	if strings.HasPrefix(word, "#") || section == "palette" {
		return nil, p.fail(section, key, fmt.Sprintf("%q is no colour; write six digits, such as #7aa2f7", word))
	}
	names := slices.Sorted(maps.Keys(p.file.Palette))
	return nil, p.fail(section, key, fmt.Sprintf("%q is neither a colour (#7aa2f7), nor a name of [palette], nor one of %s%s",
		word, strings.Join(attributes, ", "), suggest(word, append(names, attributes...))))
}

func hexColor(word string) (color.Color, bool) {
	hex, ok := strings.CutPrefix(word, "#")
	if !ok || len(hex) != 6 {
		return nil, false
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		return nil, false
	}
	return color.RGBA{R: byte(n >> 16), G: byte(n >> 8), B: byte(n), A: 255}, true
}

// fail builds the error of a key, with the line on which it stands.
func (p *parser) fail(section, key, what string) error {
	full := key
	if section != "" {
		full = section + "." + key
	}
	return &FileError{File: p.name, Line: p.line(section, key), Key: full, What: what}
}

// line finds a key. Theme files are flat: a header, then a key a line.
func (p *parser) line(section, key string) int {
	in := ""
	n := 0
	for line := range strings.Lines(string(p.src)) {
		n++
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			in = strings.Trim(strings.SplitN(line, "]", 2)[0], "[] ")
			continue
		}
		name, _, ok := strings.Cut(line, "=")
		if name = strings.Trim(name, " \t\"'"); ok && (in == section && name == key || in == "" && name == section+"."+key) {
			return n
		}
	}
	return 0
}
