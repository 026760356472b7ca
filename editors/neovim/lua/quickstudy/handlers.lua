-- What the server sends that Neovim would show in a way that stops the typing, or not at all.

local M = {}

local LEVELS = { vim.log.levels.ERROR, vim.log.levels.WARN, vim.log.levels.INFO, vim.log.levels.DEBUG }

--- A sentence: in the corner, as a long one in the command line would wait for Enter.
---@type lsp.Handler
M['window/showMessage'] = function(_, params)
  require('quickstudy.corner').say(params.message, LEVELS[params.type] or vim.log.levels.INFO)
end

--- An offer waits anyway, so it is told of without a question that would take the keys being typed.
---@type lsp.Handler
M['window/showMessageRequest'] = function(err, params, context)
  for _, action in ipairs(params.actions or {}) do
    if action.command == 'quickstudy.apply' then
      local how = ':QuickstudyDiff shows it, :QuickstudyApply puts it into the buffer.'
      require('quickstudy.corner').say(params.message .. ' ' .. how)
      return vim.NIL
    end
  end
  return vim.lsp.handlers['window/showMessageRequest'](err, params, context)
end

--- The hints come and go with the offers, and so do the lenses, which Neovim does not fetch by itself.
---@type lsp.Handler
M['textDocument/publishDiagnostics'] = function(err, params, context)
  vim.lsp.handlers['textDocument/publishDiagnostics'](err, params, context)
  require('quickstudy.jobs').fetch()
  local client = vim.lsp.get_client_by_id(context.client_id)
  if not client then
    return
  end
  -- The address of one file may be written in several ways.
  local file = vim.uri_to_fname(params.uri)
  for bufnr in pairs(client.attached_buffers) do
    if vim.api.nvim_buf_get_name(bufnr) == file then
      require('quickstudy.lens').refresh(client, bufnr)
    end
  end
end

return M
