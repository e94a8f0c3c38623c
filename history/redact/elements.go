package redact

import "strings"

// elements masks the text of XML elements whose names say secret.
func (m *Masker) elements(s string) string {
	out, found := splice{text: s}, texts{text: s}
	for i := 0; ; {
		n := strings.Index(s[i:], "</")
		if n < 0 {
			return out.String()
		}
		end := i + n
		i = end + len("</")
		last := i
		for last < len(s) && last-i < longestName && (isNameByte(s[last]) || s[last] == ':') {
			last++
		}
		name := s[i:last]
		c := m.class(name[strings.IndexByte(name, ':')+1:])
		if c == open || last == len(s) || s[last] != '>' {
			continue
		}
		begin, stop := found.of(out.from, end)
		if value := s[begin:stop]; c.hides(strings.TrimSpace(value)) {
			m.hear(value)
			out.put(begin, stop, Mask)
		}
	}
}

// texts finds where the text of elements stands, from the beginning of a text to its end.
type texts struct {
	text  string
	cdata int // where the last CDATA begins before the place that was seen last
	seen  int
}

// of returns where the text of the element is that ends at a place.
func (t *texts) of(low, end int) (from, to int) {
	const opens, closes = "<![CDATA[", "]]>"
	for {
		n := strings.Index(t.text[t.seen:end], opens)
		if n < 0 {
			break
		}
		t.seen += n + len(opens)
		t.cdata = t.seen
	}
	t.seen = max(t.seen, end-len(opens))
	if strings.HasSuffix(t.text[low:end], closes) && t.cdata > low {
		return t.cdata, end - len(closes)
	}
	at := strings.LastIndexAny(t.text[low:end], "<>")
	if at < 0 || t.text[low+at] != '>' {
		return end, end
	}
	return low + at + 1, end
}

// logins masks the user information of URLs; the name that ssh takes is none.
func (m *Masker) logins(s string) string {
	const sign = "://"
	out := splice{text: s}
	for i := 0; ; {
		n := strings.Index(s[i:], sign)
		if n < 0 {
			return out.String()
		}
		scheme := nameBefore(s, out.from, i+n)
		i += n + len(sign)
		end := i
		for end < len(s) && s[end] > ' ' && strings.IndexByte("/?#\"'<>\\`", s[end]) < 0 {
			end++
		}
		at := strings.LastIndexByte(s[i:end], '@')
		if at <= 0 {
			continue
		}
		who := s[i : i+at]
		user, password, both := strings.Cut(who, ":")
		if who == Mask || !both && (strings.HasSuffix(scheme, "ssh") || user == "git") {
			continue
		}
		m.note(who)
		if both {
			m.hear(unescape(password))
		}
		out.put(i, i+at, Mask)
		i += at
	}
}
