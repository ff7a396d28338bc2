package command

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"agc-export/export"
	"agc-export/render/bytesize"
)

// sizes are the tenants of help scale, by their pages.
var sizes = []int{1_000, 10_000, 100_000, 1_000_000}

// tenantOf is a tenant of so many pages: 2,000 in a space, three files for four pages, a comment for five.
func tenantOf(pages int) export.Tenant {
	return export.Tenant{Spaces: (pages + 1999) / 2000, Pages: pages, Files: pages * 3 / 4, SiteFiles: pages * 3 / 4,
		SiteComments: pages / 5}
}

// figure is a line of the table: what it tells of a tenant.
type figure struct {
	name string
	of   func(export.Tenant) string
}

// figures are the lines in their order; one without a function is a heading.
var figures = []figure{
	{"A tenant of pages", func(t export.Tenant) string { return count(t.Pages) }},
	{"  spaces", func(t export.Tenant) string { return count(t.Spaces) }},
	{"  attachments", func(t export.Tenant) string { return count(t.Files) }},
	{"  comments", func(t export.Tenant) string { return count(t.SiteComments) }},
	{"The first run", nil},
	{"  calls of lists", func(t export.Tenant) string { return count(t.First().Calls) }},
	{"  downloads", func(t export.Tenant) string { return count(t.First().Downloads) }},
	{"  hours at 200 calls a minute", func(t export.Tenant) string { return hours(calls(t.First()), 60*200) }},
	{"  hours at 2,000 calls a minute", func(t export.Tenant) string { return hours(calls(t.First()), 60*2000) }},
	{"  points", func(t export.Tenant) string { return count(t.First().Points) }},
	{"  hours at 65,000 points an hour", func(t export.Tenant) string { return points(t.First()) }},
	{"  processor, minutes", func(t export.Tenant) string { return minutes(t, export.FirstMicros) }},
	{"A night, nothing changed", nil},
	{"  calls", func(t export.Tenant) string { return count(calls(t.Night(0))) }},
	{"  hours at 200 calls a minute", func(t export.Tenant) string { return hours(calls(t.Night(0)), 60*200) }},
	{"  hours at 65,000 points an hour", func(t export.Tenant) string { return points(t.Night(0)) }},
	{"  processor, minutes", func(t export.Tenant) string { return minutes(t, export.NightMicros) }},
	{"A night, 1 % changed", nil},
	{"  calls and downloads", func(t export.Tenant) string { return count(calls(t.Night(t.Pages / 100))) }},
	{"  hours at 200 calls a minute",
		func(t export.Tenant) string { return hours(calls(t.Night(t.Pages/100)), 60*200) }},
	{"  processor, minutes", func(t export.Tenant) string { return minutes(t, export.ChangedMicros) }},
	{"On this machine", nil},
	{"  mirror, MB, and the files", func(t export.Tenant) string { return megabytes(t, export.MirrorBytes) }},
	{"  output, MB, and the files", func(t export.Tenant) string { return megabytes(t, export.OutputBytes) }},
	{"  memory, MB", func(t export.Tenant) string {
		return count((export.MemoryBase + export.MemoryBytes*t.Pages) >> 20)
	}},
}

// scale is the text of help scale with its figures, and the table, where it is asked for.
func (c *command) scale() string {
	if !slices.Contains(c.args, "scale") {
		return manual("scale")
	}
	var b strings.Builder
	known := strings.NewReplacer(
		"{memory}", count(export.MemoryBase>>20), "{page}", tenths(export.MemoryBytes/1e3),
		"{mirror}", count(export.MirrorBytes/1000), "{output}", count(export.OutputBytes/1000))
	b.WriteString(known.Replace(manual("scale")))
	b.WriteString("\n\n")
	for _, f := range figures {
		line := fmt.Sprintf("%-34s", f.name)
		for _, pages := range sizes {
			if f.of != nil {
				line += fmt.Sprintf("%11s", f.of(tenantOf(pages)))
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return strings.TrimSpace(b.String())
}

// calls are all requests of a run.
func calls(c export.Cost) int { return c.Calls + c.Downloads }

// count is how the table writes a number.
var count = bytesize.Thousands

// hours tells how long so many take at a rate of so many an hour.
func hours(n, rate int) string { return tenths(float64(n) / float64(rate)) }

// points tells how many hours the points of a run take.
func points(c export.Cost) string { return hours(c.Points, export.PointsPerHour) }

// minutes tells the processor's time for all pages of a tenant.
func minutes(t export.Tenant, micros int) string { return tenths(float64(t.Pages*micros) / 60e6) }

func megabytes(t export.Tenant, bytes int) string { return count(t.Pages * bytes / 1e6) }

// tenths writes a number with one decimal, rounded up, and a large one without.
func tenths(x float64) string {
	if x = math.Ceil(x*10) / 10; x < 100 {
		return fmt.Sprintf("%.1f", x)
	}
	return count(int(math.Ceil(x)))
}
