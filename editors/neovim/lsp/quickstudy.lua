-- The language server as `vim.lsp.config` takes it. `vim.lsp.enable('quickstudy')` starts it.

---@type vim.lsp.Config
return {
  cmd = { 'quickstudy-server' },
  -- A PYTHONPATH of the project would put the project's modules before the server's own.
  cmd_env = { PYTHONPATH = '' },
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', 'setup.py', 'setup.cfg', '.git' },
  handlers = require('quickstudy.handlers'),
}
