namespace Interp.Models.Tokenization.Formats;

/// <summary>The contents of a `tokenizer.model` file (`ModelProto` of google/sentencepiece).</summary>
internal sealed class SentencePieceModel
{
    private readonly List<(string Text, float Score, PieceKind Kind)> _pieces = [];

    /// <summary>The pieces by id.</summary>
    public IReadOnlyList<(string Text, float Score, PieceKind Kind)> Pieces => _pieces;

    /// <summary>`model_type`: 1 unigram, 2 byte-pair, 3 word, 4 character.</summary>
    public int ModelType { get; private set; } = 1;

    /// <summary>`byte_fallback`.</summary>
    public bool ByteFallback { get; private set; }

    /// <summary>`treat_whitespace_as_suffix`.</summary>
    public bool SpaceIsSuffix { get; private set; }

    /// <summary>`bos_piece`.</summary>
    public string BeginPiece { get; private set; } = "<s>";

    /// <summary>`eos_piece`.</summary>
    public string EndPiece { get; private set; } = "</s>";

    /// <summary>`unk_surface`: how the unknown token is written out.</summary>
    public string UnknownSurface { get; private set; } = " \u2047 ";

    /// <summary>`precompiled_charsmap`; empty for identity.</summary>
    public byte[] Table { get; private set; } = [];

    /// <summary>`add_dummy_prefix`.</summary>
    public bool AddsPrefix { get; private set; } = true;

    /// <summary>`remove_extra_whitespaces`.</summary>
    public bool RemovesExtraSpaces { get; private set; } = true;

    /// <summary>`escape_whitespaces`.</summary>
    public bool EscapesSpaces { get; private set; } = true;

    /// <summary>Parses the file.</summary>
    /// <exception cref="TokenizerException">The bytes are not such a file.</exception>
    public static SentencePieceModel Parse(ReadOnlySpan<byte> bytes, string source)
    {
        var model = new SentencePieceModel();
        var reader = new ProtobufReader(bytes, source);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    model.ReadPiece(new ProtobufReader(reader.Bytes, source), source);
                    break;
                case 2:
                    model.ReadTrainer(new ProtobufReader(reader.Bytes, source));
                    break;
                case 3:
                    model.ReadNormalizer(new ProtobufReader(reader.Bytes, source));
                    break;
            }
        }

        return model._pieces.Count > 0 ? model : throw new TokenizerException($"{source}: holds no pieces: get the file again");
    }

    private void ReadPiece(ProtobufReader reader, string source)
    {
        var (text, score, kind) = ("", 0f, PieceKind.Normal);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    text = reader.Text;
                    break;
                case 2:
                    score = reader.Single;
                    break;
                case 3:
                    kind = Enum.IsDefined((PieceKind)reader.Number)
                        ? (PieceKind)reader.Number
                        : throw new TokenizerException($"{source}: piece {_pieces.Count} is of unknown kind {reader.Number}: the file is of a newer version than is supported");
                    break;
            }
        }

        _pieces.Add((text, score, kind));
    }

    private void ReadTrainer(ProtobufReader reader)
    {
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 3:
                    ModelType = (int)reader.Number;
                    break;
                case 24:
                    SpaceIsSuffix = reader.Flag;
                    break;
                case 35:
                    ByteFallback = reader.Flag;
                    break;
                case 44:
                    UnknownSurface = reader.Text;
                    break;
                case 46:
                    BeginPiece = reader.Text;
                    break;
                case 47:
                    EndPiece = reader.Text;
                    break;
            }
        }
    }

    private void ReadNormalizer(ProtobufReader reader)
    {
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 2:
                    Table = reader.Bytes.ToArray();
                    break;
                case 3:
                    AddsPrefix = reader.Flag;
                    break;
                case 4:
                    RemovesExtraSpaces = reader.Flag;
                    break;
                case 5:
                    EscapesSpaces = reader.Flag;
                    break;
            }
        }
    }
}
