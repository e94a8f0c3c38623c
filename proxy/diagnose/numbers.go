package diagnose

import "slices"

// numbers are errors that an API names by number. They mean something only where
// the answer is known to be of that API, by its host or by a member of its body.
var numbers = []struct {
	hosts   []string // domains
	member  string   // of the body, instead
	kind    kind
	numbers [][2]int // ranges, both ends included
}{
	{nil, "fbtrace_id", credential, [][2]int{{190, 190}, {102, 102}, {463, 463}, {467, 467}}}, // Meta
	{nil, "fbtrace_id", scope, [][2]int{{10, 10}, {200, 299}, {3, 3}}},
	{nil, "fbtrace_id", rate, [][2]int{{4, 4}, {17, 17}, {32, 32}, {613, 613}, {341, 341}, {80000, 80014}, {130429, 130429}, {131048, 131048}, {131056, 131056}}},
	{nil, "fbtrace_id", server, [][2]int{{1, 2}}},
	{nil, "fbtrace_id", permission, [][2]int{{368, 368}}},
	{nil, "fbtrace_id", request, [][2]int{{100, 100}}},

	{[]string{"twitter.com", "x.com"}, "", credential, [][2]int{{32, 32}, {89, 89}, {135, 135}, {215, 215}, {239, 239}}},
	{[]string{"twitter.com", "x.com"}, "", rate, [][2]int{{88, 88}, {185, 185}}},
	{[]string{"twitter.com", "x.com"}, "", request, [][2]int{{187, 187}, {170, 170}, {186, 186}}},
	{[]string{"twitter.com", "x.com"}, "", server, [][2]int{{130, 131}}},

	{[]string{"discord.com", "discordapp.com"}, "", credential, [][2]int{{40001, 40001}, {50014, 50014}}},
	{[]string{"discord.com", "discordapp.com"}, "", permission, [][2]int{{50001, 50001}, {50013, 50013}, {40002, 40002}}},
	{[]string{"discord.com", "discordapp.com"}, "", request, [][2]int{{50007, 50007}, {50035, 50035}}},

	{[]string{"twilio.com"}, "", credential, [][2]int{{20003, 20003}}},
	{[]string{"twilio.com"}, "", permission, [][2]int{{20005, 20006}, {20008, 20008}}},
	{[]string{"twilio.com"}, "", rate, [][2]int{{20429, 20429}, {14107, 14107}}},

	{[]string{"mktorest.com"}, "", nothing, [][2]int{{600, 600}}}, // Marketo
	{[]string{"mktorest.com"}, "", credential, [][2]int{{601, 602}}},
	{[]string{"mktorest.com"}, "", permission, [][2]int{{603, 603}}},
	{[]string{"mktorest.com"}, "", rate, [][2]int{{606, 607}, {615, 615}}},
	{[]string{"mktorest.com"}, "", server, [][2]int{{604, 604}, {608, 608}, {611, 611}, {713, 713}}},
	{[]string{"mktorest.com"}, "", request, [][2]int{{609, 610}, {612, 612}, {701, 712}, {1000, 1100}}},

	{[]string{"zoom.us"}, "", credential, [][2]int{{124, 124}}},
	{[]string{"zoom.us"}, "", scope, [][2]int{{4711, 4711}}},

	{[]string{"linkedin.com"}, "", credential, [][2]int{{65600, 65604}}},

	{[]string{"larksuite.com", "feishu.cn"}, "", credential, [][2]int{{99991661, 99991671}, {99991677, 99991677}}},
	{[]string{"larksuite.com", "feishu.cn"}, "", scope, [][2]int{{99991672, 99991672}, {99991679, 99991679}}},
	{[]string{"larksuite.com", "feishu.cn"}, "", rate, [][2]int{{99991400, 99991400}}},

	{nil, "errcode", credential, [][2]int{{40001, 40001}, {40014, 40014}, {41001, 41001}, {42001, 42001}, {42007, 42007}}}, // WeChat, DingTalk
	{nil, "errcode", permission, [][2]int{{48001, 48001}, {50001, 50002}}},
	{nil, "errcode", rate, [][2]int{{45009, 45009}, {45011, 45011}, {88, 88}, {90018, 90018}}},
	{nil, "errcode", server, [][2]int{{-1, -1}}},
	{nil, "errcode", request, [][2]int{{40002, 40013}, {40015, 40099}, {41002, 41099}, {44001, 44004}, {45001, 45008}, {47001, 47001}}},

	{[]string{"vk.com", "vk.ru"}, "", credential, [][2]int{{5, 5}, {27, 28}}},
	{[]string{"vk.com", "vk.ru"}, "", permission, [][2]int{{7, 7}, {15, 15}}},
	{[]string{"vk.com", "vk.ru"}, "", rate, [][2]int{{6, 6}, {9, 9}, {29, 29}}},
	{[]string{"vk.com", "vk.ru"}, "", server, [][2]int{{1, 1}, {10, 10}}},
	{[]string{"vk.com", "vk.ru"}, "", request, [][2]int{{3, 3}, {8, 8}, {100, 125}}},

	{[]string{"audioscrobbler.com"}, "", credential, [][2]int{{4, 4}, {9, 10}, {13, 14}, {26, 26}}}, // Last.fm
	{[]string{"audioscrobbler.com"}, "", rate, [][2]int{{29, 29}}},
	{[]string{"audioscrobbler.com"}, "", server, [][2]int{{8, 8}, {11, 11}, {16, 16}}},
	{[]string{"audioscrobbler.com"}, "", request, [][2]int{{2, 3}, {5, 7}}},

	{[]string{"flickr.com"}, "", credential, [][2]int{{96, 98}, {100, 100}}},
	{[]string{"flickr.com"}, "", permission, [][2]int{{99, 99}}},
	{[]string{"flickr.com"}, "", server, [][2]int{{105, 106}}},
	{[]string{"flickr.com"}, "", request, [][2]int{{1, 5}, {111, 116}}},

	{[]string{"tiktok.com"}, "", credential, [][2]int{{40102, 40105}, {40110, 40110}}},
	{[]string{"tiktok.com"}, "", permission, [][2]int{{40001, 40001}}},
	{[]string{"tiktok.com"}, "", rate, [][2]int{{40100, 40100}, {40133, 40133}}},
	{[]string{"tiktok.com"}, "", server, [][2]int{{50000, 59999}}},
	{[]string{"tiktok.com"}, "", request, [][2]int{{40000, 40000}, {40002, 40002}, {40006, 40007}}},

	{[]string{"arcgis.com"}, "", credential, [][2]int{{498, 499}}},

	{[]string{"intuit.com"}, "", credential, [][2]int{{3200, 3200}}}, // QuickBooks
	{[]string{"intuit.com"}, "", permission, [][2]int{{3100, 3100}}},
	{[]string{"intuit.com"}, "", rate, [][2]int{{3001, 3001}}},

	{nil, "jsonrpc", request, [][2]int{{-32602, -32600}, {-32700, -32700}}},
	{nil, "jsonrpc", server, [][2]int{{-32603, -32603}}},
}

// byNumber tells what the numbers of the answer mean to the API it comes from.
func (a *answer) byNumber() (kind, bool) {
	for _, n := range a.words.numbers {
		for _, row := range numbers {
			if !a.of(row.hosts, row.member) {
				continue
			}
			for _, r := range row.numbers {
				if n >= r[0] && n <= r[1] {
					return row.kind, true
				}
			}
		}
	}
	return "", false
}

// of reports whether the answer is of an API, by its host or a member of its body.
func (a *answer) of(hosts []string, member string) bool {
	if slices.ContainsFunc(hosts, a.in) {
		return true
	}
	if member == "" {
		return false
	}
	if _, ok := a.top[member]; ok {
		return true
	}
	_, ok := members(a.top["error"])[member]
	return ok
}
