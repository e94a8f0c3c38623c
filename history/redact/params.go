package redact

import "strings"

// params masks the values of name=value where the name says secret: in URLs wherever they
// stand, attributes and lines of settings. A URL or JSON inside of a value is looked into.
func (m *Masker) params(s string) string {
	out := splice{text: s}
	for i := 0; ; {
		n := strings.IndexByte(s[i:], '=')
		if n < 0 {
			return out.String()
		}
		i = m.param(&out, i+n)
	}
}

// param masks what stands behind a sign of equality, and returns from where to go on.
func (m *Masker) param(out *splice, equals int) int {
	s := out.text
	begin := equals
	for begin > out.from && equals-begin < mostSpace && s[begin-1] == ' ' {
		begin--
	}
	at := equals + 1
	for at < len(s) && at-equals < mostSpace && s[at] == ' ' {
		at++
	}
	if depth, quote, ok := quoteAt(s, at); ok { // an attribute
		if closes(s, at, depth, quote) {
			return at
		}
		if c := m.class(nameBefore(s, out.from, begin)); c != open {
			return m.quoted(out, c, at+depth+1, depth, quote)
		}
		return at
	}
	if begin < equals || at > equals+1 {
		return at
	}
	return m.assigned(out, equals)
}

// assigned masks what the word behind a sign of equality holds.
func (m *Masker) assigned(out *splice, equals int) int {
	s := out.text
	end := paramEnd(s, equals+1)
	for at := equals; ; {
		if c, sure := m.paramClass(s, out.from, at); c != open {
			value := strings.TrimRight(s[at+1:end], ",;.)]}:!")
			if strings.HasPrefix(s[at+1+len(value):end], "]") && strings.HasSuffix(value, Mask[:len(Mask)-1]) {
				value += "]" // which is the mask's
			}
			left := strings.ReplaceAll(value, Mask, "") // of what was masked within it before
			switch rest, again := strings.CutPrefix(s[at+1:end], Mask); {
			case again && strings.Trim(rest, ",;.)]}:!") == "", end == len(s) && strings.HasPrefix(Mask, value):
				return end
			case c.hides(strings.TrimLeft(left, "=")) && (sure || random(left)):
				m.hear(unescape(value))
				out.put(at+1, at+1+len(value), Mask)
				return end
			}
		}
		next := strings.IndexByte(s[at+1:end], '=')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	if value := s[equals+1 : end]; strings.IndexByte(value, '%') >= 0 {
		if masked, changed := m.inside(value); changed {
			out.put(equals+1, end, masked)
		}
	}
	return end
}

// paramClass tells what the name before a sign of equality says, and whether it is sure
// that it is a name, and not code.
func (m *Masker) paramClass(s string, low, equals int) (c class, sure bool) {
	name := nameBefore(s, low, equals)
	before := byte('\n')
	if at := equals - len(name); at > 0 {
		before = s[at-1]
	}
	if strings.IndexByte(name, '%') >= 0 {
		name = unescape(name)
		name = name[strings.LastIndexAny(name, "?&#/;=")+1:]
	}
	query := strings.IndexByte("?&6#", before) >= 0 // also \u0026
	if query && inQueries[strings.ToLower(name)] {
		return maybe, true
	}
	starts := isSpace(before) || strings.IndexByte("\"'`;\\nrt", before) >= 0 // also \n, \r and \t
	return m.class(name), query || starts && strings.IndexByte(name, '.') < 0
}

// paramEnd is where a value in a URL ends that begins at a place.
func paramEnd(s string, at int) int {
	for i := at; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ' || strings.IndexByte("\"'<>`&#", c) >= 0:
			return i
		case c == '\\':
			next := i
			for next < len(s) && s[next] == '\\' {
				next++
			}
			if next == len(s) || s[next] != '/' {
				return i
			}
			i = next
		}
	}
	return len(s)
}

// inside masks what an escaped value holds.
func (m *Masker) inside(value string) (string, bool) {
	if m.nested == deepest {
		return value, false
	}
	m.nested++
	masked, changed := m.Text(unescape(value))
	m.nested--
	if !changed {
		return value, false
	}
	return escape(masked), true
}

// form masks the values of a form or a query piece by piece.
func (m *Masker) form(query string) string {
	pieces := strings.Split(query, "&")
	for i, piece := range pieces {
		name, value, ok := strings.Cut(piece, "=")
		plain := unescape(name)
		c := m.class(plain)
		weak := c == open && inQueries[strings.ToLower(plain)]
		switch {
		case !ok || value == Mask:
		case value != "" && (weak || c.hides(value)):
			if heard := unescape(value); !weak || random(heard) {
				m.hear(heard)
			} else {
				m.note(heard)
			}
			pieces[i] = name + "=" + Mask
		case strings.ContainsAny(value, "%+"):
			if masked, changed := m.inside(value); changed {
				pieces[i] = name + "=" + masked
			}
		}
	}
	return strings.Join(pieces, "&")
}
