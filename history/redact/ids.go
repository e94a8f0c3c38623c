package redact

import "strings"

// JSON replaces, beside what Text does, the values of members whose names say
// that they are ids, and those ids wherever else they stand.
func (p *Pseudonyms) JSON(data []byte) []byte {
	p.Learn(data)
	return []byte(p.Text(p.eachID(string(data), p.id)))
}

// Learn takes the ids that stand in JSON under names that say so as given ones: one that
// stands elsewhere under another name has the same stand-in. A report of several bodies
// learns of all of them first.
func (p *Pseudonyms) Learn(data []byte) {
	p.eachID(string(data), func(value string) (string, bool) {
		if looksLikeID(value) {
			p.Give("id", value)
		}
		return "", false
	})
}

// id is the stand-in of an id; one of a digit or two tells nothing.
func (p *Pseudonyms) id(value string) (string, bool) {
	if len(value) < shortestGiven {
		return "", false
	}
	return p.replace("id", value), true
}

// eachID puts another text in the place of each id that stands in JSON, where with gives
// one. All else stays byte for byte, also where the text is cut or broken.
func (p *Pseudonyms) eachID(s string, with func(value string) (string, bool)) string {
	out := splice{text: s}
	for i := 0; ; {
		n := strings.IndexByte(s[i:], '"')
		if n < 0 {
			return out.String()
		}
		begin := i + n
		end, _ := textEnd(s, begin+1, 0, '"')
		i = min(end+1, len(s))
		at := skipSpaces(s, i)
		if at == len(s) || s[at] != ':' {
			continue
		}
		i = skipSpaces(s, at+1)
		name := decoded(s[begin+1:end], 0)
		if sure := isID(name); sure || ofSomebody[strings.ToLower(name)] {
			i = idsAt(&out, i, sure, with)
		}
	}
}

// idsAt replaces an id, or those of a list. An object is looked into like any other.
func idsAt(out *splice, at int, sure bool, with func(value string) (string, bool)) int {
	s := out.text
	list := at < len(s) && s[at] == '['
	if list {
		at = skipSpaces(s, at+1)
	}
	for at < len(s) && strings.IndexByte("{[]}", s[at]) < 0 {
		from, end := at, at
		var next int
		if s[at] == '"' {
			from = at + 1
			end, _ = textEnd(s, from, 0, '"')
			next = min(end+1, len(s))
		} else {
			for end < len(s) && !isSpace(s[end]) && strings.IndexByte(",]}\"", s[end]) < 0 {
				end++
			}
			next = end
		}
		value := decoded(s[from:end], 0)
		if !isNothing(value) && (sure || looksLikeID(value)) {
			if text, ok := with(value); ok {
				out.put(at, next, `"`+text+`"`)
			}
		}
		at = skipSpaces(s, next)
		if !list || at == len(s) || s[at] != ',' {
			return next
		}
		at = skipSpaces(s, at+1)
	}
	return at
}

// ofSomebody are names whose values may be an id or a word: "user" of Slack.
var ofSomebody = map[string]bool{
	"user": true, "users": true, "member": true, "members": true, "owner": true, "creator": true, "author": true, "sender": true,
	"recipient": true, "assignee": true, "reporter": true, "inviter": true, "actor": true, "customer": true, "contact": true, "account": true,
	"channel": true, "channels": true, "team": true, "bot": true, "workspace": true, "organization": true, "enterprise": true, "from": true, "to": true,
}

func isID(name string) bool {
	one, many := strings.CutSuffix(name, "s")
	return isOneID(name) || many && isOneID(one)
}

func isOneID(name string) bool {
	return name == "id" || name == "uid" || name == "gid" || name == "$oid" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID")
}

// looksLikeID reports a value of letters and digits, and no word or number.
func looksLikeID(s string) bool {
	const longest = 64
	if len(s) < shortestGiven || len(s) > longest {
		return false
	}
	letter, digit := false, false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			digit = true
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letter = true
		case c != '_' && c != '-':
			return false
		}
	}
	return letter && digit
}
