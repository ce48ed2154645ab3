"""A vision-language model of 0.1 million weights, made here with random weights: nothing is downloaded."""

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import Idefics3Config, Idefics3ForConditionalGeneration, Idefics3Processor, PreTrainedTokenizerFast
from transformers.models.idefics3.image_processing_pil_idefics3 import Idefics3ImageProcessorPil

PAGE, PATCH, SHRINK = 96, 16, 2  # pixels, pixels, patches joined along a side
SPECIAL = ["<pad>", "<unk>", "<image>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>"]
TEMPLATE = (
    "{% for m in messages %}{{ 'User:' if m['role'] == 'user' else 'Assistant:' }}"
    "{% if m['content'] is string %}{{ ' ' + m['content'] }}{% else %}{% for b in m['content'] %}"
    "{% if b['type'] == 'image' %}<image>{% else %}{{ ' ' + b['text'] }}{% endif %}{% endfor %}{% endif %}"
    "<end_of_utterance>\n{% endfor %}{% if add_generation_prompt %}Assistant:{% endif %}"
)


def processor(texts: Iterable[str]) -> Idefics3Processor:
    """Image processor and a tokenizer that learnt its words from `texts`."""
    size = {"longest_edge": PAGE}
    images = Idefics3ImageProcessorPil(size=size, max_image_size=size, do_image_splitting=False)
    tokens = (PAGE // PATCH // SHRINK) ** 2
    return Idefics3Processor(images, _tokenizer(texts), image_seq_len=tokens, chat_template=TEMPLATE)


def _tokenizer(texts: Iterable[str]) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=SPECIAL, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", unk_token="<unk>", eos_token="<end_of_utterance>",
        additional_special_tokens=SPECIAL[2:],
    )  # fmt: skip


def model(words: PreTrainedTokenizerFast) -> Idefics3ForConditionalGeneration:
    """The model for a tokenizer; seed PyTorch before."""
    layers = {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = Idefics3Config(
        image_token_id=words.convert_tokens_to_ids("<image>"),
        pad_token_id=words.pad_token_id,
        scale_factor=SHRINK,
        vision_config=layers | {"image_size": PAGE, "patch_size": PATCH},
        text_config=layers
        | {"model_type": "llama", "vocab_size": len(words), "num_key_value_heads": 2, "max_position_embeddings": 4096,
           "pad_token_id": words.pad_token_id},
    )  # fmt: skip
    return Idefics3ForConditionalGeneration(config)
