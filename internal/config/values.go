package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// parseDuration reads 30s, 1m, 24h or 400d.
func parseDuration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 {
			return time.Duration(n) * day, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no time: write 400d, 24h, 1m or 30s", s)
	}
	return d, nil
}

// units are the sizes' endings, the longer ones first.
var units = []struct {
	name  string
	bytes float64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1}}

// ParseSize reads 4MB, 2GB, 64KiB or a number of bytes.
func ParseSize(s string) (int64, error) {
	for _, u := range units {
		digits, ok := strings.CutSuffix(strings.TrimSpace(s), u.name)
		if !ok {
			continue
		}
		if n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64); err == nil && n >= 0 {
			return int64(n * u.bytes), nil
		}
	}
	return 0, fmt.Errorf("%q is no size: write 4MB, 2GB or a number of bytes", s)
}
