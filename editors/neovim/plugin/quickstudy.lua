-- The commands, and what is done when the server says something. Nothing is mapped, and nothing is loaded yet.

if vim.g.loaded_quickstudy then
  return
end
vim.g.loaded_quickstudy = true

---@param name string
---@param does string A function of quickstudy.commands.
---@param desc string
---@param options? vim.api.keyset.user_command
local function command(name, does, desc, options)
  vim.api.nvim_create_user_command('Quickstudy' .. name, function(called)
    require('quickstudy.corner').clear()
    require('quickstudy.commands')[does](called)
  end, vim.tbl_extend('force', { desc = desc }, options or {}))
end

command('Optimize', 'optimize', 'Make the function under the cursor faster')
command('Cancel', 'cancel', 'End a run; with ! all of them', { bang = true })
command('Diff', 'diff', 'Show a faster variant beside your function, to accept or reject it')
command('Apply', 'apply', 'Put a faster variant into the buffer')
command('Dismiss', 'dismiss', 'Drop a faster variant')
command('Report', 'report', 'Show every variant of a run with its verdict and reason')
command('Lessons', 'lessons', 'List the lessons of this project, or search them', { nargs = '*' })

local group = vim.api.nvim_create_augroup('quickstudy', {})

---@param event string|string[]
---@param act fun(client: vim.lsp.Client, bufnr: integer)
local function on(event, act)
  vim.api.nvim_create_autocmd(event, {
    group = group,
    callback = function(told)
      local client = vim.lsp.get_client_by_id(told.data.client_id)
      if client and client.name == 'quickstudy' then
        act(client, told.buf)
      end
    end,
  })
end

on('LspProgress', function()
  require('quickstudy.jobs').fetch()
end)
on('LspAttach', function(client, bufnr)
  require('quickstudy.jobs').fetch()
  require('quickstudy.lens').refresh(client, bufnr)
end)
on('LspDetach', function()
  -- The client is still listed while it is told.
  vim.schedule(function()
    require('quickstudy.jobs').fetch()
  end)
end)
vim.api.nvim_create_autocmd({ 'VimResized', 'TabEnter' }, {
  group = group,
  callback = function()
    if package.loaded['quickstudy.corner'] then
      require('quickstudy.corner').draw()
    end
  end,
})
