package paging_test

import (
	"testing"

	"github.com/connectty/connectty/internal/paging"
	"github.com/connectty/connectty/proxy"
)

func TestNext(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ from, link, body, want string }{
		"by the preset":    {"https://api.notion.com/v1/x", "", `{"next_cursor":"c","has_more":true}`, "https://api.notion.com/v1/x?start_cursor=c"},
		"the Link header":  {"https://api.github.com/x?page=1", `<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last"`, `[]`, "https://api.github.com/x?page=2"},
		"only the last":    {"https://api.github.com/x", `<https://api.github.com/x?page=1>; rel="prev"`, `[]`, ""},
		"Slack":            {"https://slack.com/api/x?limit=2&cursor=old", "", `{"ok":true,"response_metadata":{"next_cursor":"dXNl=="}}`, "https://slack.com/api/x?limit=2&cursor=dXNl%3D%3D"},
		"Slack's end":      {"https://slack.com/api/x", "", `{"ok":true,"response_metadata":{"next_cursor":""}}`, ""},
		"Google":           {"https://g.co/x?q=a%20b", "", `{"nextPageToken":"t"}`, "https://g.co/x?q=a%20b&pageToken=t"},
		"Microsoft":        {"https://graph.microsoft.com/v1.0/x", "", `{"@odata.nextLink":"https://graph.microsoft.com/v1.0/x?$skip=10"}`, "https://graph.microsoft.com/v1.0/x?$skip=10"},
		"HubSpot":          {"/crm/v3/x", "", `{"paging":{"next":{"after":"7"}}}`, "/crm/v3/x?after=7"},
		"a relative URL":   {"https://a.b/v1/x", "", `{"next":"/v1/x?page=2"}`, "https://a.b/v1/x?page=2"},
		"Stripe":           {"https://api.stripe.com/v1/x?limit=1", "", `{"has_more":true,"data":[{"id":"a"},{"id":"cus_9"}]}`, "https://api.stripe.com/v1/x?limit=1&starting_after=cus_9"},
		"Stripe's end":     {"https://api.stripe.com/v1/x", "", `{"has_more":false,"data":[{"id":"a"}]}`, ""},
		"a number":         {"https://a.b", "", `{"next":2,"offset":3}`, ""},
		"null":             {"https://a.b", "", `{"next":null}`, ""},
		"a word, no URL":   {"https://a.b", "", `{"next":"soon"}`, ""},
		"a list":           {"https://a.b", "", `[1]`, ""},
		"no JSON":          {"https://a.b", "", `<html>`, ""},
		"escaped brackets": {"https://a.b?page%5Bafter%5D=1", "", `{"meta":{"after_cursor":"2"}}`, "https://a.b?page%5Bafter%5D=2"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var headers []proxy.Field
			if tc.link != "" {
				headers = []proxy.Field{{Name: "link", Value: tc.link}}
			}
			hint := ""
			if name == "by the preset" {
				hint = "next_cursor, sent back as start_cursor while has_more"
			}
			got, how, ok := paging.Next(tc.from, headers, []byte(tc.body), hint)
			if got != tc.want || ok != (tc.want != "") || ok && how == "" {
				t.Errorf("got %q, %q, %v, want %q", got, how, ok, tc.want)
			}
		})
	}
}

func FuzzNext(f *testing.F) {
	f.Add("https://a.b?x=1", "<y>; rel=next", `{"next":"/x"}`)
	f.Add("%", "", `{"next_cursor":"x"}`)
	f.Fuzz(func(t *testing.T, from, link, body string) {
		next, _, ok := paging.Next(from, []proxy.Field{{Name: "Link", Value: link}}, []byte(body), "")
		if ok && next == "" {
			t.Errorf("%q, %q, %q: found, and it is empty", from, link, body)
		}
	})
}
