using Interp.Models.Tokenization;
using Interp.Models.Training.Calendar;

namespace Interp.Models.Tests.Training.Calendar;

public sealed class CalendarCorpusTests
{
    private static readonly CalendarCorpus s_corpus = new(trainFraction: 0.8, seed: 1);

    [Fact]
    public void A_fifth_of_the_sums_is_held_out_but_never_the_next_one()
    {
        foreach (var cycle in CalendarCorpus.Cycles)
        {
            var p = cycle.Period;
            var heldOut = (from label in Enumerable.Range(0, p) from number in Enumerable.Range(1, p) where s_corpus.IsHeldOut(cycle, label, number) select (label, number)).ToArray();
            Assert.Equal((int)Math.Round(0.2 * p * p), heldOut.Length);
            Assert.DoesNotContain(heldOut, sum => sum.number == 1);
            Assert.All(heldOut, sum => Assert.True(s_corpus.IsHeldOut(cycle, sum.label, sum.number + p)));
        }
    }

    [Fact]
    public void No_sentence_holds_a_sum_that_is_held_out()
    {
        var text = s_corpus.Text(3000);
        foreach (var cycle in CalendarCorpus.Cycles)
        {
            foreach (var (label, number) in from label in Enumerable.Range(0, cycle.Period) from number in Enumerable.Range(2, 17) where s_corpus.IsHeldOut(cycle, label, number) select (label, number))
            {
                var (from, to) = (cycle.Names[label], cycle.Names[(label + number) % cycle.Period]);
                var (big, small, unit) = (CalendarNumbers.Capitalized(number), CalendarNumbers.Word(number), cycle.Unit.Many);
                Assert.DoesNotContain($"{big} {unit} from {from}", text, StringComparison.Ordinal);
                Assert.DoesNotContain($"{big} {unit} before {to}", text, StringComparison.Ordinal);
                Assert.DoesNotContain($"{from} now, in {small} {unit}", text, StringComparison.Ordinal);
                Assert.DoesNotContain($"{from} and came back {small} {unit}", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Rows_are_the_seed_s_start_with_the_begin_token_and_know_every_word()
    {
        var rows = s_corpus.Rows(200, 25);
        Assert.Equal(rows, new CalendarCorpus(0.8, 1).Rows(200, 25));
        Assert.All(rows, row => Assert.Equal(s_corpus.Vocabulary["<|endoftext|>"], row[0]));
        Assert.DoesNotContain(rows, row => row.Contains(s_corpus.Vocabulary["<|unknown|>"]));
        Assert.NotEqual(rows, new CalendarCorpus(0.8, 2).Rows(200, 25));
    }

    [Fact]
    public void The_written_tokenizer_reads_texts_as_the_training_did()
    {
        var folder = Directory.CreateTempSubdirectory("interp-calendar-").FullName;
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), System.Text.Json.JsonSerializer.Serialize(CalendarTokenizer.Json(s_corpus.Vocabulary), CalendarTokenizer.Options));
        var (made, read) = (CalendarTokenizer.Create(s_corpus.Vocabulary), Tokenizer.Load(folder));
        foreach (var line in s_corpus.Text(50).Split('\n').Append("Let's do some unheard-of math."))
        {
            Assert.Equal(made.Encode(line), read.Encode(line));
        }

        const string Prompt = "Let's do some days of the week math. Two days from Monday is";
        Assert.Equal(Prompt, read.Decode(read.Encode(Prompt, SpecialTokens.None)));
        Assert.Equal(s_corpus.Vocabulary["ĠWednesday"], read.Encode($"{Prompt} Wednesday")[^1]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Prompts_are_the_paper_s()
    {
        Assert.Equal("Let's do some days of the week math. One day from Sunday is", CalendarPrompt.Of(CalendarCycle.Weekdays, 6, 1));
        Assert.Equal(" Monday", CalendarPrompt.Answer(CalendarCycle.Weekdays, 6, 1));
        Assert.Equal("Let's do some calendar math. One months from January is", CalendarPrompt.Of(CalendarCycle.Months, 0, 1));
        Assert.Equal("Let's do some calendar math. Twelve months from May is", CalendarPrompt.Of(CalendarCycle.Months, 4, 12));
        Assert.Equal(" May", CalendarPrompt.Answer(CalendarCycle.Months, 4, 12));
    }
}
