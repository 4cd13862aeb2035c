# Writes style.txt: awk -f style.awk > style.txt. Three sums a line, in one of three forms that the calendar has not seen, of words that it
# knows. Lines begin with a space, which makes their first word the token that it is within a text.
function draw(n) { state = (state * 16807) % 2147483647; return state % n }
function sum(form,   x, k, from, to, count) {
    x = draw(period); k = 1 + draw(18)
    from = name[x + 1]; to = name[(x + k) % period + 1]; count = number[k] " " unit (k == 1 ? "" : "s")
    if (form == 0) return from " and " count " is " to
    if (form == 1) return "after " count " " from " will be " to
    return "it is " to " and " count " before it was " from
}
BEGIN {
    split("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen", number)
    state = 1
    for (line = 0; line < 1200; line++) {
        isMonth = draw(2); period = isMonth ? 12 : 7; unit = isMonth ? "month" : "day"
        split(isMonth ? "January February March April May June July August September October November December" \
                      : "Monday Tuesday Wednesday Thursday Friday Saturday Sunday", name)
        form = draw(3)
        print " " sum(form) ", " sum(form) ", " sum(form) "."
    }
}
