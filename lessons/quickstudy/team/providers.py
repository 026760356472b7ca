"""Where litellm asks each provider: the ones whose address it lets be named, and what it takes when none is.

litellm takes seconds to import, and its way from a provider's name to an address goes through some hundred
branches. So the answer is a table, and tests/test_address.py holds it against the litellm that is installed:
what is listed here is asked at the address that was named and nowhere else. A provider that is not listed
may ignore `api_base`, as Replicate, SageMaker and Bedrock do, so that its code is taken to leave the machine.

Servers that compute are asked without litellm, which asks Ollama for a model's facts half a dozen times, at
another address than the one that was named, and follows redirects.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """One prefix of `provider/model`."""

    home: str | None
    """The provider's own address, which litellm knows; None if there is none to rely on."""
    variables: tuple[str, ...]
    """The variables of the environment that name another address, the first that is set wins."""
    default: str | None = None
    """The address on this machine where such a server listens unless told otherwise; we name it ourselves."""
    computes: bool = False
    """Whether this is a server that runs its models itself, and so passes nothing on."""
    key: str | None = None
    """The variable with the key for such a server, if it has one."""
    compatible: bool = False
    """Whether servers of that name speak OpenAI's protocol, which carries one key and no other credential."""


def _hosted(home: str, *variables: str) -> Provider:
    return Provider(home, variables)


_OPENAI = Provider("https://api.openai.com", ("OPENAI_BASE_URL", "OPENAI_API_BASE"), compatible=True)


def _server(default: str, name: str) -> Provider:
    key = f"{name}_API_KEY"
    return Provider(None, (f"{name}_API_BASE",), default, computes=True, key=key, compatible=True)


_OLLAMA = _server("http://localhost:11434", "OLLAMA")

PROVIDERS: Mapping[str, Provider] = {
    "ollama": _OLLAMA,
    "ollama_chat": _OLLAMA,
    # Without an address litellm would ask OpenAI in the place of the next two.
    "lm_studio": _server("http://localhost:1234/v1", "LM_STUDIO"),
    "hosted_vllm": _server("http://localhost:8000/v1", "HOSTED_VLLM"),
    "llamafile": _server("http://127.0.0.1:8080/v1", "LLAMAFILE"),
    "openai": _OPENAI,
    "custom_openai": _OPENAI,
    "litellm_proxy": Provider(
        None, ("LITELLM_PROXY_API_BASE", "OPENAI_BASE_URL", "OPENAI_API_BASE"), compatible=True
    ),
    "anthropic": _hosted("https://api.anthropic.com", "ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
    "cerebras": _hosted("https://api.cerebras.ai", "CEREBRAS_API_BASE"),
    "codestral": _hosted("https://codestral.mistral.ai", "CODESTRAL_API_BASE"),
    "dashscope": _hosted("https://dashscope.aliyuncs.com", "DASHSCOPE_API_BASE"),
    "deepinfra": _hosted("https://api.deepinfra.com", "DEEPINFRA_API_BASE"),
    "deepseek": _hosted("https://api.deepseek.com", "DEEPSEEK_API_BASE"),
    "fireworks_ai": _hosted("https://api.fireworks.ai", "FIREWORKS_API_BASE"),
    "gemini": _hosted("https://generativelanguage.googleapis.com", "GEMINI_API_BASE"),
    "groq": _hosted("https://api.groq.com", "GROQ_API_BASE"),
    "hyperbolic": _hosted("https://api.hyperbolic.xyz", "HYPERBOLIC_API_BASE"),
    "mistral": _hosted("https://api.mistral.ai", "MISTRAL_AZURE_API_BASE"),
    "moonshot": _hosted("https://api.moonshot.ai", "MOONSHOT_API_BASE"),
    "nebius": _hosted("https://api.studio.nebius.ai", "NEBIUS_API_BASE"),
    "novita": _hosted("https://api.novita.ai", "NOVITA_API_BASE"),
    "nvidia_nim": _hosted("https://integrate.api.nvidia.com", "NVIDIA_NIM_API_BASE"),
    "openrouter": _hosted("https://openrouter.ai", "OPENROUTER_API_BASE"),
    "perplexity": _hosted("https://api.perplexity.ai", "PERPLEXITY_API_BASE"),
    "sambanova": _hosted("https://api.sambanova.ai", "SAMBANOVA_API_BASE"),
    "together_ai": _hosted("https://api.together.ai", "TOGETHER_AI_API_BASE"),
    "xai": _hosted("https://api.x.ai", "XAI_API_BASE"),
    "zai": _hosted("https://api.z.ai", "ZAI_API_BASE"),
}
