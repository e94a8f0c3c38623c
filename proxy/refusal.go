package proxy

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// refusal reads an answer of Connect that is no success.
func (s *shared) refusal(operation string, resp *http.Response) *APIError {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusal)) // what came is what there is to say
	return s.refusalOf(operation, resp, body)
}

func (s *shared) refusalOf(operation string, resp *http.Response, body []byte) *APIError {
	body = []byte(s.scrub(string(body)))
	header := resp.Header.Clone()
	for _, values := range header {
		for i, v := range values {
			values[i] = s.scrub(v)
		}
	}
	e := &APIError{
		Operation: operation, Status: resp.StatusCode, Header: header, Body: body,
		RequestID: header.Get("X-Request-Id"), RetryAfter: retryAfter(resp.Header, s.opts.Now()),
	}
	e.RateLimit, _ = ReadRateLimit(resp.Header, s.opts.Now())
	e.Message, e.Code = refusalWords(body)
	if e.Message == "" {
		e.Message = http.StatusText(resp.StatusCode)
	}
	return e
}

// refusalWords reads both shapes of Connect's errors: a text, or an object of
// lists such as {"account":["account and user mismatch"]} (connect-api.md, 7).
func refusalWords(body []byte) (message, code string) {
	var answer struct {
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
		Code        string          `json:"code"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return "", ""
	}
	var text string
	var lists map[string][]string
	switch {
	case json.Unmarshal(answer.Error, &text) == nil:
		message = text
	case json.Unmarshal(answer.Error, &lists) == nil:
		var all []string
		for _, words := range lists {
			all = append(all, words...)
		}
		message = strings.Join(all, "; ")
	}
	if answer.Description != "" {
		message = strings.TrimPrefix(message+": "+answer.Description, ": ")
	}
	return oneLine(message), answer.Code
}

// oneLine keeps a server's words from breaking a line, and from being a page.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > 300 {
		s = string(runes[:299]) + "…"
	}
	return s
}

// retryAfter reads seconds or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(v); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
